// The cases that are measured, each with the ways that it can be done in; the fastest is what llama.cpp can do.

import { prompts } from '../load/prompts.mjs';
import { runClosedLoop } from '../load/closed-loop.mjs';
import { watchCores } from './machine.mjs';
import { contextEach, contextsInTurn, oneBatch, switching } from './ways.mjs';

/** How llama.cpp's own server answers requests of different adapters. */
export const SERVER_WAY = 'one context, adapters switched, in turn';

const CASES = {
  base: { 'one batch': (setting) => oneBatch(setting) },
  one: { 'one batch': (setting) => oneBatch(setting, setting.adapters[0]) },
  distinct: {
    'a context for each adapter, side by side': contextEach,
    'a context for each adapter, in turn': contextsInTurn,
    [SERVER_WAY]: switching,
  },
  prefill: { 'one batch': (setting) => oneBatch(setting) },
};

export const CASE_NAMES = Object.keys(CASES);

const WARM_UP_SEED_OFFSET = 1_000_003; // no prompt of a warm-up comes again in a run

/**
 * Measures a case: each way with flash attention on and off for one request a stream (which warms up, too), then the
 * fastest of them for all requests.
 *
 * load: {model, streams, requests, promptTokens, outputTokens, threads, flashAttention: [true, false], adapters, seed}
 */
export async function measure(name, load) {
  const trials = [];
  for (const way of Object.keys(CASES[name])) {
    for (const flashAttention of load.flashAttention) {
      const trial = await runOnce(name, way, {
        ...load,
        flashAttention,
        requests: load.streams,
        seed: load.seed + WARM_UP_SEED_OFFSET,
      });
      trials.push({ way, flash_attention: flashAttention, ...speeds(trial.all) });
    }
  }
  const speedOf = (trial) => (name === 'prefill' ? trial.prompt_tokens_per_s : trial.tokens_per_s);
  const fastest = trials.reduce((best, trial) => (speedOf(trial) > speedOf(best) ? trial : best));
  const run = await runOnce(name, fastest.way, { ...load, flashAttention: fastest.flash_attention });
  return { case: name, way: fastest.way, flash_attention: fastest.flash_attention, ...run, trials };
}

async function runOnce(name, way, load) {
  const setting = { ...load, tokens: load.promptTokens + load.outputTokens };
  const opened = await CASES[name][way](setting);
  try {
    const promptOf = prompts(load.promptTokens, load.vocabularySize, load.seed);
    const warmUp = prompts(load.promptTokens, load.vocabularySize, load.seed + 2 * WARM_UP_SEED_OFFSET);
    await opened.ask(0, warmUp(0), () => {});
    const cores = watchCores();
    const run = await runClosedLoop(load, promptOf, opened.ask);
    return { ...run, ...cores(), threads: opened.threads() };
  } finally {
    await opened.close();
  }
}

function speeds({ tokens_per_s, prompt_tokens_per_s }) {
  return { tokens_per_s, prompt_tokens_per_s };
}
