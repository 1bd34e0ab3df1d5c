// A Hugging Face checkpoint folder as a GGUF.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { f32, string, u32, writeGguf } from './file.mjs';
import { LINEAR_MODULES, familyOf, interleaveRows } from './family.mjs';
import { decode, encode } from './numbers.mjs';
import { readCheckpointTensors } from './safetensors.mjs';
import { tokenizerMetadata } from './tokenizer.mjs';

/** general.file_type of the types that matrices may have (llama.cpp's llama_ftype). */
const FILE_TYPE = { F32: 0, F16: 1, Q8_0: 7, BF16: 32 };

const NORMS = new Map([
  ['input_layernorm', 'attn_norm'],
  ['post_attention_layernorm', 'ffn_norm'],
]);

/** Writes the checkpoint in `folder` to `path`, matrices as `type` (BF16, Q8_0, F16, F32), vectors as F32. */
export function writeCheckpoint(folder, path, type) {
  if (!(type in FILE_TYPE)) {
    throw new Error(`type ${type} is not written, only ${Object.keys(FILE_TYPE).join(', ')}`);
  }
  const config = readConfig(folder);
  const family = familyOf(config);
  const tensors = [...readCheckpointTensors(folder)]
    .filter(([name]) => !(config.tie_word_embeddings && name === 'lm_head.weight'))
    .map(([name, tensor]) => ggufTensor(name, tensor, config, family, type));
  const metadata = [
    ['general.type', string('model')],
    ['general.name', string(basename(folder))],
    ...hyperparameters(config, family),
    ['general.file_type', u32(FILE_TYPE[type])],
    ['general.quantization_version', u32(2)],
    ...tokenizerMetadata(folder, config.vocab_size),
  ];
  writeGguf(path, metadata, tensors);
}

export function readConfig(folder) {
  return JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
}

function hyperparameters(config, { architecture }) {
  const heads = config.num_attention_heads;
  const headSize = config.head_dim ?? config.hidden_size / heads;
  const of = (key) => `${architecture}.${key}`;
  return [
    ['general.architecture', string(architecture)],
    [of('block_count'), u32(config.num_hidden_layers)],
    [of('context_length'), u32(config.max_position_embeddings)],
    [of('embedding_length'), u32(config.hidden_size)],
    [of('feed_forward_length'), u32(config.intermediate_size)],
    [of('attention.head_count'), u32(heads)],
    [of('attention.head_count_kv'), u32(config.num_key_value_heads ?? heads)],
    [of('attention.key_length'), u32(headSize)],
    [of('attention.value_length'), u32(headSize)],
    [of('attention.layer_norm_rms_epsilon'), f32(config.rms_norm_eps)],
    [of('rope.dimension_count'), u32(headSize)],
    [of('rope.freq_base'), f32(config.rope_theta ?? config.rope_parameters?.rope_theta ?? 10000)],
    [of('vocab_size'), u32(config.vocab_size)],
  ];
}

function ggufTensor(name, tensor, config, family, type) {
  const { target, heads } = placeOf(name, config);
  const stored = tensor.shape.length === 1 ? 'F32' : type;
  const interleaved = family.interleaved && heads !== undefined;
  return {
    name: target,
    type: stored,
    shape: tensor.shape,
    data() {
      const source = tensor.bytes();
      const ordered = interleaved ? interleaveRows(source, tensor.shape[0], heads) : source;
      return tensor.dtype === stored ? ordered : encode(stored, decode(tensor.dtype, ordered));
    },
  };
}

/** Where a tensor goes: its name in the GGUF, and the heads of its rows if they are rotated. */
function placeOf(name, config) {
  const whole = {
    'model.embed_tokens.weight': 'token_embd.weight',
    'model.norm.weight': 'output_norm.weight',
    'lm_head.weight': 'output.weight',
  };
  if (name in whole) {
    return { target: whole[name] };
  }
  const [, layer, module, part] = /^model\.layers\.(\d+)\.(.+)\.(weight|bias)$/.exec(name) ?? [];
  const linear = LINEAR_MODULES.get(module);
  const target = linear?.name ?? NORMS.get(module);
  if (target === undefined) {
    throw new Error(`the checkpoint's tensor ${name} has no place in a GGUF of a ${config.model_type} model`);
  }
  const heads = linear?.rotated && (config[linear.rotated] ?? config.num_attention_heads);
  return { target: `blk.${layer}.${target}.${part}`, heads };
}
