// SmolLM2 and its adapters, converted, against the log-probabilities that transformers and PEFT gave in float32. The
// tolerances are those of ../shared/models/README.md for bf16 weights.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openLibrary } from '../engine/library.mjs';
import { writeAdapter } from '../gguf/adapter.mjs';
import { writeCheckpoint } from '../gguf/checkpoint.mjs';
import { SHARED, newFolder, smolLm2 } from './folders.mjs';

const GOLDENS = join(SHARED, 'goldens', 'smollm2.json');
const skip = existsSync(GOLDENS) ? false : `${GOLDENS} is not there: SmolLM2 is not compared`;
const MEAN_TOLERANCE = 0.01;
const MARGIN_TOLERANCE = 0.1;
/** Of each model; one takes a second, and faults of a conversion show in every one. */
const PROMPTS = 5;

describe('SmolLM2 in BF16', { skip }, () => {
  let llama;
  let model;
  let files;
  let remove;
  let checkpoint;
  let goldens;

  before(async () => {
    goldens = JSON.parse(readFileSync(GOLDENS, 'utf8')).goldens;
    checkpoint = smolLm2();
    ({ folder: files, remove } = newFolder());
    writeCheckpoint(checkpoint, join(files, 'base.gguf'), 'BF16');
    llama = await openLibrary(1); // more would wait for each other in busy loops if others need the cores
    model = await llama.loadModel({ modelPath: join(files, 'base.gguf') });
  });
  after(async () => {
    await llama?.dispose();
    remove?.();
  });

  test('tokenizes the prompts as transformers does', () => {
    for (const { prompt, prompt_ids: ids } of goldens.base) {
      assert.deepEqual(model.tokenize(prompt, true), ids);
    }
  });

  for (const name of ['base', 'sql', 'french', 'json']) {
    test(`takes the same tokens: ${name}`, async (t) => {
      const lora = {};
      if (name !== 'base') {
        lora.lora = join(files, `${name}.gguf`);
        writeAdapter(join(SHARED, 'adapters', name), checkpoint, lora.lora, 'F32');
      }
      const context = await model.createContext({ sequences: 1, contextSize: 512, threads: 1, ...lora });
      const sequence = context.getSequence();
      const differences = [];
      for (const golden of goldens[name].slice(0, PROMPTS)) {
        await sequence.clearHistory();
        differences.push(...(await compare(sequence, golden)));
      }
      await context.dispose();
      const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
      t.diagnostic(
        `${differences.length} steps, best log-probability differs by ${mean.toFixed(4)} in the mean`,
      );
      assert.ok(mean < MEAN_TOLERANCE, `mean difference ${mean}`);
    });
  }
});

/** Runs a golden's prompt and tokens; differences of the best token's log-probability at each step. */
async function compare(sequence, { prompt_ids: prompt, tokens, top5 }) {
  const asked = {
    generateNext: {
      options: { temperature: 1, topK: 0, topP: 1 },
      logits: { filter: { includeTop: 1 } },
      totalLogitWeight: true,
    },
  };
  const first = prompt.length - 1;
  const input = [...prompt, ...tokens.slice(0, -1)].map((token, i) => (i < first ? token : [token, asked]));
  const results = (await sequence.controlledEvaluate(input)).slice(first);
  assert.equal(results.length, top5.length);
  return results.flatMap(({ next }, step) => {
    const [[best, likely], [, less]] = top5[step];
    const [token] = next.logits.keys();
    if (token !== best) {
      assert.ok(
        likely - less < MARGIN_TOLERANCE,
        `step ${step}: ${token} instead of ${best}, which leads by ${likely - less}`,
      );
      return [];
    }
    return [Math.abs(-Math.log(next.totalLogitWeight) - likely)];
  });
}
