import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readGgufFileInfo } from 'node-llama-cpp';
import { writeAdapter } from '../gguf/adapter.mjs';
import { encode } from '../gguf/numbers.mjs';
import { temporaryFolder } from './folders.mjs';

const BASE = { model_type: 'llama', num_attention_heads: 2, num_key_value_heads: 1 };
const CONFIG = { peft_type: 'LORA', r: 2, lora_alpha: 8, bias: 'none' };
const PREFIX = 'base_model.model.model.layers.0.';

/** A PEFT folder with one module of rank 2 on 8 rows, whose B counts 0, 1, 2, ... */
function adapterFolder(t, module, config) {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'base'));
  writeFileSync(join(folder, 'base', 'config.json'), JSON.stringify(BASE));
  writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(config));
  const a = encode(
    'F32',
    Float32Array.from({ length: 8 }, () => 1),
  );
  const b = encode(
    'F32',
    Float32Array.from({ length: 16 }, (_, i) => i),
  );
  const header = JSON.stringify({
    [`${PREFIX}${module}.lora_A.weight`]: { dtype: 'F32', shape: [2, 4], data_offsets: [0, a.length] },
    [`${PREFIX}${module}.lora_B.weight`]: {
      dtype: 'F32',
      shape: [8, 2],
      data_offsets: [a.length, a.length + b.length],
    },
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(
    join(folder, 'adapter_model.safetensors'),
    Buffer.concat([length, Buffer.from(header), a, b]),
  );
  return folder;
}

/** B of the one module as it was written, and the file's alpha. */
async function written(folder) {
  const path = join(folder, 'out.gguf');
  writeAdapter(folder, join(folder, 'base'), path, 'F32');
  const { metadata, fullTensorInfo } = await readGgufFileInfo(path, { logWarnings: false });
  const tensor = fullTensorInfo.find(({ name }) => name.endsWith('lora_b'));
  const at = Number(tensor.fileOffset);
  const bytes = readFileSync(path).subarray(at, at + 64);
  return {
    name: tensor.name,
    alpha: metadata.adapter.lora.alpha,
    b: Array.from({ length: 16 }, (_, i) => bytes.readFloatLE(4 * i)),
  };
}

test('an adapter with one alpha and one rank is written as it is', async (t) => {
  const { name, alpha, b } = await written(adapterFolder(t, 'mlp.down_proj', CONFIG));
  assert.equal(name, 'blk.0.ffn_down.weight.lora_b');
  assert.equal(alpha, 8);
  assert.deepEqual(b, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
});

test('rows of B of a rotated projection are put as those of its weight', async (t) => {
  const q = await written(adapterFolder(t, 'self_attn.q_proj', CONFIG)); // two heads
  assert.deepEqual(q.b, [0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
  const k = await written(adapterFolder(t, 'self_attn.k_proj', CONFIG)); // one head
  assert.deepEqual(k.b, [0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15]);
});

test("what one alpha can't say goes into B", async (t) => {
  const pattern = await written(
    adapterFolder(t, 'mlp.down_proj', { ...CONFIG, alpha_pattern: { down_proj: 4 } }),
  );
  assert.equal(pattern.b[15], 7.5);
  const rsLora = await written(adapterFolder(t, 'mlp.down_proj', { ...CONFIG, use_rslora: true }));
  assert.equal(rsLora.b[15], Math.fround(15 * Math.SQRT2));
  const rank = await written(
    adapterFolder(t, 'mlp.down_proj', { ...CONFIG, r: 16, rank_pattern: { 'layers.0.mlp.down_proj': 2 } }),
  );
  assert.equal(rank.b[15], 15); // llama.cpp divides by the rank of this B itself
});

test('a rank that is not the one of the configuration is refused', async (t) => {
  await assert.rejects(
    written(adapterFolder(t, 'mlp.down_proj', { ...CONFIG, r: 4 })),
    /the rank 4, its B has 2/,
  );
});

test('adapters that a GGUF can not hold are refused by the key that says so', async (t) => {
  await assert.rejects(
    written(adapterFolder(t, 'mlp.down_proj', { ...CONFIG, use_dora: true })),
    /use_dora true/,
  );
  await assert.rejects(written(adapterFolder(t, 'mlp.down_proj', { ...CONFIG, bias: 'all' })), /bias all/);
  await assert.rejects(
    written(adapterFolder(t, 'mlp.down_proj', { ...CONFIG, peft_type: 'IA3' })),
    /peft_type IA3/,
  );
  await assert.rejects(written(adapterFolder(t, 'mlp.experts', CONFIG)), /mlp\.experts.* on no linear layer/);
});
