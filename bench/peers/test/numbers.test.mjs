import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode, fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from '../gguf/numbers.mjs';

const ALL_BITS = Array.from({ length: 65536 }, (_, bits) => bits);

test('every half and every bfloat16 comes back as it was', () => {
  for (const bits of ALL_BITS) {
    if (!Number.isNaN(fromFloat16(bits))) {
      assert.equal(toFloat16(fromFloat16(bits)), bits);
    }
    if (!Number.isNaN(fromBfloat16(bits))) {
      assert.equal(toBfloat16(fromBfloat16(bits)), bits);
    }
  }
});

test('a value between two halves goes to the nearer one, in the middle to the even one', () => {
  for (let bits = 0; bits < 0x7bff; bits++) {
    const [low, high] = [fromFloat16(bits), fromFloat16(bits + 1)];
    assert.equal(toFloat16(low + (high - low) * 0.49), bits);
    assert.equal(toFloat16(low + (high - low) * 0.51), bits + 1);
    assert.equal(toFloat16((low + high) / 2), bits % 2 === 0 ? bits : bits + 1);
  }
});

test('halves end at 65504, NaN stays NaN', () => {
  assert.equal(toFloat16(65519), 0x7bff);
  assert.equal(toFloat16(65520), 0x7c00);
  assert.equal(toFloat16(-Infinity), 0xfc00);
  assert.ok(Number.isNaN(fromFloat16(toFloat16(NaN))));
  assert.ok(Number.isNaN(fromBfloat16(toBfloat16(NaN))));
});

test('bfloat16 rounds to the nearest, ties to even', () => {
  assert.equal(toBfloat16(1 + 2 ** -8), 0x3f80);
  assert.equal(toBfloat16(1 + 3 * 2 ** -8), 0x3f82);
  assert.equal(toBfloat16(1 + 2 ** -8 + 2 ** -16), 0x3f81);
});

test('Q8_0 holds blocks of 32 within half a step of their scale', () => {
  const values = Float32Array.from({ length: 96 }, (_, i) =>
    i < 64 ? Math.sin(i * 1.7) * (i < 32 ? 1 : 100) : 0,
  );
  const bytes = encode('Q8_0', values);
  assert.equal(bytes.length, 3 * 34);
  for (let block = 0; block < 3; block++) {
    const scale = fromFloat16(bytes.readUInt16LE(block * 34));
    const largest = Math.max(...values.slice(block * 32, block * 32 + 32).map(Math.abs));
    assert.ok(Math.abs(scale - largest / 127) <= (largest / 127) * 2 ** -11);
    for (let i = 0; i < 32; i++) {
      const back = bytes.readInt8(block * 34 + 2 + i) * scale;
      assert.ok(Math.abs(back - values[block * 32 + i]) <= scale * 0.57, `value ${i} of block ${block}`);
    }
  }
});

test('types that are not read or written are named', () => {
  assert.throws(() => decode('I8', Buffer.alloc(4)), /type I8 .* only F32, F16 and BF16/);
  assert.throws(() => encode('Q4_0', new Float32Array(32)), /type Q4_0 .* only F32, F16, BF16 and Q8_0/);
});
