// The load: a number of streams, each of which asks again as soon as its answer is over.

import { performance } from 'node:perf_hooks';
import { figures } from './figures.mjs';

/**
 * Runs `requests` requests over `streams` streams and returns their figures.
 *
 * ask(stream, prompt, onToken) answers one prompt and calls onToken once for each output token.
 * promptOf(request) gives the prompt of a request; each request has its own number.
 */
export async function runClosedLoop({ streams, requests, outputTokens }, promptOf, ask) {
  const answers = [];
  let next = 0;
  const start = performance.now();
  const since = () => performance.now() - start;
  const stream = async (number) => {
    while (next < requests) {
      const prompt = promptOf(next++);
      const begun = since();
      const tokens = [];
      await ask(number, prompt, () => tokens.push(since()));
      if (tokens.length !== outputTokens) {
        throw new Error(`an answer has ${tokens.length} tokens, ${outputTokens} were asked for`);
      }
      answers.push({ promptTokens: prompt.length, begun, tokens, ended: since() });
    }
  };
  await Promise.all(Array.from({ length: streams }, (_, number) => stream(number)));
  const wallMs = since();
  return { streams, wall_s: wallMs / 1000, all: figures(answers, wallMs) };
}
