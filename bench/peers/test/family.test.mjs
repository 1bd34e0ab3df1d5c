import assert from 'node:assert/strict';
import { test } from 'node:test';
import { familyOf, interleaveRows } from '../gguf/family.mjs';

test('rows of each head go from halves to pairs', () => {
  // two heads of four rows, two bytes a row
  const rows = ['a0', 'a1', 'b0', 'b1', 'c0', 'c1', 'd0', 'd1'].join('');
  assert.equal(interleaveRows(Buffer.from(rows), 8, 2).toString(), 'a0b0a1b1c0d0c1d1');
});

test('rows that do not divide into heads are refused', () => {
  assert.throws(() => interleaveRows(Buffer.alloc(9), 9, 2), /9 rows do not divide into 2 heads/);
  assert.throws(
    () => interleaveRows(Buffer.alloc(6), 6, 2),
    /6 rows do not divide into 2 heads of an even size/,
  );
});

test('what llama.cpp would compute in another way is refused by the key that says it', () => {
  assert.equal(familyOf({ model_type: 'llama', rope_scaling: null }).architecture, 'llama');
  assert.throws(() => familyOf({ model_type: 'gemma3' }), /model_type gemma3 .* only llama, qwen2/);
  assert.throws(
    () => familyOf({ model_type: 'llama', rope_scaling: { rope_type: 'llama3' } }),
    /rope_scaling .*llama3/,
  );
  assert.throws(() => familyOf({ model_type: 'llama', hidden_act: 'gelu' }), /hidden_act gelu/);
  assert.throws(() => familyOf({ model_type: 'qwen2', use_sliding_window: true }), /use_sliding_window/);
});
