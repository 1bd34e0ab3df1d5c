// A PEFT LoRA folder as a GGUF that llama.cpp loads beside a model.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { f32, string, writeGguf } from './file.mjs';
import { readConfig } from './checkpoint.mjs';
import { LINEAR_MODULES, familyOf, interleaveRows } from './family.mjs';
import { decode, encode } from './numbers.mjs';
import { readSafetensors } from './safetensors.mjs';

/** Settings of PEFT that change what an adapter computes and that a GGUF can't say. */
const REFUSED = [
  'use_dora',
  'lora_bias',
  'fan_in_fan_out',
  'modules_to_save',
  'layer_replication',
  'trainable_token_indices',
  'target_parameters',
  'alora_invocation_tokens',
  'use_bdlora',
  'use_qalora',
];

/** Writes the adapter in `folder`, trained on the checkpoint in `baseFolder`, to `path` with matrices as `type`. */
export function writeAdapter(folder, baseFolder, path, type) {
  const base = readConfig(baseFolder);
  const family = familyOf(base);
  const config = readAdapterConfig(folder);
  const tensors = [...readSafetensors(join(folder, 'adapter_model.safetensors'))].map(([name, tensor]) =>
    loraTensor(name, tensor, { base, family, config, type }),
  );
  const metadata = [
    ['general.type', string('adapter')],
    ['general.architecture', string(family.architecture)],
    ['adapter.type', string('lora')],
    ['adapter.lora.alpha', f32(config.lora_alpha)],
  ];
  writeGguf(path, metadata, tensors);
}

function readAdapterConfig(folder) {
  const config = JSON.parse(readFileSync(join(folder, 'adapter_config.json'), 'utf8'));
  if (config.peft_type !== 'LORA') {
    throw new Error(`adapter_config.json: peft_type ${config.peft_type} is not written, only LORA`);
  }
  if ((config.bias ?? 'none') !== 'none') {
    throw new Error(`adapter_config.json: bias ${config.bias} is not written, only none`);
  }
  for (const key of REFUSED) {
    const value = config[key];
    if (value && !(Array.isArray(value) && value.length === 0)) {
      throw new Error(`adapter_config.json: ${key} ${JSON.stringify(value)} can't be said in a GGUF`);
    }
  }
  return config;
}

function loraTensor(name, tensor, { base, family, config, type }) {
  const [, path, layer, module, side] =
    /^base_model\.model\.(model\.layers\.(\d+)\.(.+))\.lora_(A|B)\.weight$/.exec(name) ?? [];
  const linear = LINEAR_MODULES.get(module);
  if (linear === undefined) {
    throw new Error(`the adapter's tensor ${name} is on no linear layer of the model`);
  }
  const isB = side === 'B';
  const factor = isB ? restOfScale(config, path, tensor.shape[1]) : 1;
  const heads =
    isB && family.interleaved && linear.rotated
      ? (base[linear.rotated] ?? base.num_attention_heads)
      : undefined;
  return {
    name: `blk.${layer}.${linear.name}.weight.lora_${side.toLowerCase()}`,
    type,
    shape: tensor.shape,
    data() {
      const source = tensor.bytes();
      const ordered = heads === undefined ? source : interleaveRows(source, tensor.shape[0], heads);
      const values = decode(tensor.dtype, ordered);
      return encode(type, factor === 1 ? values : values.map((value) => value * factor));
    },
  };
}

/**
 * llama.cpp scales every module by the file's one alpha / the rank of the module's B. What PEFT's scale of the module is
 * beyond that (another alpha by pattern, a division by the square root of the rank) goes into B.
 */
function restOfScale(config, path, rank) {
  const alpha = byPattern(config.alpha_pattern, path) ?? config.lora_alpha;
  const expected = byPattern(config.rank_pattern, path) ?? config.r;
  if (expected !== rank) {
    throw new Error(`adapter_config.json gives ${path} the rank ${expected}, its B has ${rank}`);
  }
  const scale = alpha / (config.use_rslora ? Math.sqrt(rank) : rank);
  return scale / (config.lora_alpha / rank);
}

/** PEFT takes the first key that, as a regular expression, matches the module's path or its end after a dot. */
function byPattern(patterns, path) {
  const key = Object.keys(patterns ?? {}).find((pattern) =>
    new RegExp(`^(?:.*\\.)?(?:${pattern})$`).test(path),
  );
  return key === undefined ? undefined : patterns[key];
}
