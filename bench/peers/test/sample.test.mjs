// The converted sample of this repository answers in llama.cpp as it does in Weft.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openLibrary } from '../engine/library.mjs';
import { CASE_NAMES, measure } from '../engine/cases.mjs';
import { writeAdapter } from '../gguf/adapter.mjs';
import { writeCheckpoint } from '../gguf/checkpoint.mjs';
import { TINY, newFolder } from './folders.mjs';

const PROMPTS = 30;
const END = 1272;

describe('weft-tiny', () => {
  let llama;
  let model;
  let files;
  let remove;

  before(async () => {
    ({ folder: files, remove } = newFolder());
    writeCheckpoint(join(TINY, 'base'), join(files, 'base.gguf'), 'BF16');
    for (const adapter of ['sql', 'json', 'french']) {
      writeAdapter(
        join(TINY, 'adapters', adapter),
        join(TINY, 'base'),
        join(files, `${adapter}.gguf`),
        'F32',
      );
    }
    llama = await openLibrary(1); // more would wait for each other in busy loops if others need the cores
    model = await llama.loadModel({ modelPath: join(files, 'base.gguf') });
  });
  after(async () => {
    await llama?.dispose();
    remove?.();
  });

  const heldOut = JSON.parse(readFileSync(join(TINY, 'heldout.json'), 'utf8')).prompts.slice(0, PROMPTS);

  for (const adapter of ['base', 'sql', 'json', 'french']) {
    test(`answers as recorded: ${adapter}`, async () => {
      const lora = adapter === 'base' ? {} : { lora: join(files, `${adapter}.gguf`) };
      const context = await model.createContext({ sequences: 1, contextSize: 256, threads: 1, ...lora });
      const sequence = context.getSequence();
      for (const { prompt, prompt_ids: ids, answers } of heldOut) {
        assert.deepEqual(model.tokenize(prompt, true), ids, `tokens of ${JSON.stringify(prompt)}`);
        await sequence.clearHistory();
        const tokens = [];
        for await (const token of sequence.evaluate(ids, { temperature: 0, yieldEogToken: true })) {
          if (token === END || tokens.length === 100) {
            break;
          }
          tokens.push(token);
        }
        // as tokens, because llama.cpp takes the space before a question mark away when it makes text of them
        assert.deepEqual(tokens, model.tokenize(answers[adapter].answer, true));
      }
      await context.dispose();
    });
  }

  for (const name of CASE_NAMES) {
    test(`measures every answer of the case ${name}`, async () => {
      const load = {
        streams: 2,
        requests: 5,
        promptTokens: 20,
        outputTokens: 4,
        threads: 1,
        flashAttention: [true, false],
        seed: 1,
      };
      const adapters = [join(files, 'sql.gguf'), join(files, 'json.gguf')];
      const run = await measure(name, { ...load, model, adapters, vocabularySize: 1270 });
      assert.deepEqual([run.all.requests, run.all.output_tokens, run.all.prompt_tokens.sum], [5, 20, 100]);
      assert.equal(run.trials.length, name === 'distinct' ? 6 : 2);
      assert.ok(
        run.trials.some(
          ({ way, flash_attention: flash }) => way === run.way && flash === run.flash_attention,
        ),
      );
    });
  }
});
