import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readGgufFileInfo } from 'node-llama-cpp';
import { bool, f32, integers, string, strings, u32, writeGguf } from '../gguf/file.mjs';
import { encode } from '../gguf/numbers.mjs';
import { temporaryFolder } from './folders.mjs';

const F32_TENSOR = (name, shape, values) => ({
  name,
  type: 'F32',
  shape,
  data: () => encode('F32', Float32Array.from(values)),
});

test('another reader finds the metadata and the tensors', async (t) => {
  const path = join(temporaryFolder(t), 'a.gguf');
  const metadata = [
    ['general.architecture', string('llama')],
    ['general.name', string('Größe')],
    ['llama.block_count', u32(3)],
    ['llama.rope.freq_base', f32(0.5)],
    ['tokenizer.ggml.add_bos_token', bool(true)],
    ['tokenizer.ggml.tokens', strings(['a', 'Ġ', 'ß'])],
    ['tokenizer.ggml.token_type', integers([1, -1, 3])],
  ];
  writeGguf(path, metadata, [
    F32_TENSOR('one', [3], [1, 2, 3]),
    F32_TENSOR('two', [2, 4], [8, 7, 6, 5, 4, 3, 2, 1]),
  ]);
  const { metadata: found, fullTensorInfo: tensors } = await readGgufFileInfo(path, { logWarnings: false });
  assert.equal(found.general.name, 'Größe');
  assert.equal(found.llama.block_count, 3);
  assert.equal(found.llama.rope.freq_base, 0.5);
  assert.equal(found.tokenizer.ggml.add_bos_token, true);
  assert.deepEqual(found.tokenizer.ggml.tokens, ['a', 'Ġ', 'ß']);
  assert.deepEqual(found.tokenizer.ggml.token_type, [1, -1, 3]);
  assert.deepEqual(
    tensors.map(({ name, dimensions }) => [name, dimensions.map(Number)]),
    [
      ['one', [3]],
      ['two', [4, 2]],
    ],
  );
  const bytes = readFileSync(path);
  const at = Number(tensors[1].fileOffset);
  assert.equal(at % 32, 0);
  assert.equal(bytes.readFloatLE(at), 8);
});

test('a vocabulary of a million tokens is written', (t) => {
  const path = join(temporaryFolder(t), 'a.gguf');
  writeGguf(path, [['tokenizer.ggml.token_type', integers(new Array(1_000_000).fill(1))]], []);
  assert.ok(readFileSync(path).length > 4_000_000);
});

test('a tensor whose bytes do not fit its shape leaves no file', (t) => {
  const path = join(temporaryFolder(t), 'a.gguf');
  assert.throws(
    () => writeGguf(path, [], [F32_TENSOR('short', [4], [1, 2])]),
    /short has 8 bytes, its shape \[4\] as F32 takes 16/,
  );
  assert.ok(!existsSync(path));
});

test('rows that Q8_0 can not divide into blocks are refused', (t) => {
  const path = join(temporaryFolder(t), 'a.gguf');
  const tensor = { name: 'odd', type: 'Q8_0', shape: [2, 48], data: () => Buffer.alloc(0) };
  assert.throws(() => writeGguf(path, [], [tensor]), /blocks of 32 values, but a row has 48/);
});
