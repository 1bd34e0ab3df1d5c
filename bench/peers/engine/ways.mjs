// Ways to have llama.cpp answer several streams, each opened as {ask(stream, prompt, onToken), threads(), close()}.

import { inOrderOfSequences } from './batching.mjs';

/**
 * What all ways are given.
 * @typedef {{model, streams: number, tokens: number, outputTokens: number, threads: number, flashAttention: boolean,
 *   adapters: string[]}} Setting  tokens: the longest sequence (prompt and output); adapters: paths of GGUF files
 */

/** One context, a sequence for each stream, evaluated in one batch; with `adapter` all of them through it. */
export async function oneBatch(setting, adapter) {
  const context = await createContext(setting, setting.streams, adapter);
  const sequences = Array.from({ length: setting.streams }, () => context.getSequence());
  return {
    ask: (stream, prompt, onToken) =>
      generate(sequences[stream], stream, prompt, setting.outputTokens, onToken),
    threads: () => context.currentThreads,
    close: () => context.dispose(),
  };
}

/** A context for each stream with that stream's adapter. They run side by side and share the threads. */
export async function contextEach(setting) {
  const contexts = [];
  for (const adapter of adaptersOfStreams(setting)) {
    contexts.push(await createContext(setting, 1, adapter));
  }
  const sequences = contexts.map((context) => context.getSequence());
  return {
    ask: (stream, prompt, onToken) =>
      generate(sequences[stream], stream, prompt, setting.outputTokens, onToken),
    threads: () => Math.max(...contexts.map((context) => context.currentThreads)),
    close: () => Promise.all(contexts.map((context) => context.dispose())),
  };
}

/** A context for each stream with that stream's adapter; one answers at a time, with all threads. */
export async function contextsInTurn(setting) {
  const contexts = await contextEach(setting);
  return { ...contexts, ask: inTurn(contexts.ask) };
}

/**
 * One context; the adapter is switched before each answer, one answer at a time, which is what llama.cpp's own server
 * does with requests of different adapters.
 */
export async function switching(setting) {
  const adapters = adaptersOfStreams(setting);
  const context = await createContext(setting, 1, adapters[0]);
  const sequence = context.getSequence();
  return {
    ask: inTurn(async (stream, prompt, onToken) => {
      // node-llama-cpp sets adapters when a context is made; this is the call that it makes then
      await context._setLoras([{ filePath: adapters[stream], scale: 1 }]);
      await generate(sequence, 0, prompt, setting.outputTokens, onToken);
    }),
    threads: () => context.currentThreads,
    close: () => context.dispose(),
  };
}

function adaptersOfStreams({ adapters, streams }) {
  if (adapters.length < streams) {
    throw new Error(
      `--lora names ${adapters.length} adapters, ${streams} streams with an adapter each need ${streams}`,
    );
  }
  return adapters.slice(0, streams);
}

function createContext({ model, tokens, threads, flashAttention }, sequences, adapter) {
  return model.createContext({
    sequences,
    contextSize: Math.ceil((tokens + 1) / 256) * 256, // the library keeps one free, llama.cpp wants multiples of 256
    failedCreationRemedy: false, // would try the same with less, whatever failed
    batchSize: Math.max(512, sequences), // llama.cpp's own default for what it computes at once
    flashAttention,
    batching: { itemPrioritizationStrategy: inOrderOfSequences },
    threads: { ideal: threads, min: 1 },
    ...(adapter === undefined ? {} : { lora: adapter }),
  });
}

/** Greedy, past end tokens, from an empty history. `number` is the sequence's place in its context. */
async function generate(sequence, number, prompt, outputTokens, onToken) {
  await sequence.clearHistory();
  let count = 0;
  const options = { temperature: 0, yieldEogToken: true, evaluationPriority: number };
  for await (const _ of sequence.evaluate(prompt, options)) {
    onToken();
    if (++count === outputTokens) {
      return;
    }
  }
}

/** The same function, but a call starts when the ones before it are over. */
function inTurn(ask) {
  let last = Promise.resolve();
  return (...call) => {
    const mine = last.then(() => ask(...call));
    last = mine.catch(() => {}); // whoever made that call learns of its failure
    return mine;
  };
}
