#!/usr/bin/env node
// Writes GGUF files from the folders that Weft serves. See --help.

import { parseArgs } from 'node:util';
import { writeAdapter } from './gguf/adapter.mjs';
import { writeCheckpoint } from './gguf/checkpoint.mjs';

const HELP = `usage: node convert.mjs model CHECKPOINT OUT.gguf [--type BF16|Q8_0|F16|F32]
       node convert.mjs adapter FOLDER OUT.gguf --base CHECKPOINT [--type F32|F16|BF16]

model    a Hugging Face checkpoint folder (config.json, safetensors, tokenizer.json) of the family llama or qwen2,
         with a BPE tokenizer split as SmolLM2's or Qwen2's
adapter  a PEFT LoRA folder trained on that checkpoint; ranks and alphas by pattern and rsLoRA are folded into B
`;

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { type: { type: 'string' }, base: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [what, folder, out, ...rest] = positionals;
  if (
    out === undefined ||
    rest.length > 0 ||
    !['model', 'adapter'].includes(what) ||
    (what === 'adapter' && !values.base)
  ) {
    throw new Error(`not understood: ${process.argv.slice(2).join(' ')}\n${HELP}`);
  }
  if (what === 'model') {
    writeCheckpoint(folder, out, values.type ?? 'BF16');
  } else {
    writeAdapter(folder, values.base, out, values.type ?? 'F32');
  }
}

try {
  main();
} catch (failure) {
  process.stderr.write(`convert: ${failure.message}\n`);
  process.exitCode = 2;
}
