// llama.cpp's own server, built by whoever measures: started on one type of the weights, asked over HTTP, ended.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../beside/port.mjs';
import { runClosedLoop } from '../load/closed-loop.mjs';
import { prompts } from '../load/prompts.mjs';

const START_MS = 120_000;
const STOP_MS = 15_000;
const ANSWER_MS = 600_000;
const SLOTS = 16;
const SLOT_TOKENS = 1024; // a prompt of 512 tokens and its answer

/** Starts `path` on a GGUF file with all slots; `adapters` are known, and each request chooses among them. */
export async function startServer(path, { model, threads, adapters = [] }) {
  const port = await freePort();
  const loras = adapters.length === 0 ? [] : ['--lora', adapters.join(), '--lora-init-without-apply'];
  const process_ = spawn(
    path,
    [
      ...['--model', model, '--host', '127.0.0.1', '--port', String(port), '--threads', String(threads)],
      ...['--parallel', String(SLOTS), '--ctx-size', String(SLOTS * SLOT_TOKENS), ...loras],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const url = `http://127.0.0.1:${port}`;
  const log = [];
  createInterface({ input: process_.stderr }).on('line', (line) => log.push(line));
  const failed = once(process_, 'error').then(([failure]) => Promise.reject(failure));
  const stop = () => end(process_);
  try {
    await Promise.race([ready(url, process_), failed]);
  } catch (failure) {
    await stop();
    throw new Error(`${path}: ${failure.message}\n${log.slice(-20).join('\n')}`);
  }
  return { url, engine: instructions(log), stop };
}

/** The instructions that a server says it was built for in its log. */
export function instructions(log) {
  const info = log.find((line) => line.includes('system_info:')) ?? '';
  const names = [...info.matchAll(/(\w+) = 1\b/g)].map(([, name]) => name);
  return names.length === 0 ? "llama-server, which doesn't say its kernels" : `llama-server (${names.join(' ')})`;
}

/** Output tokens per second of as many streams as there are adapters, each on an adapter of its own. */
export async function adapterEach(url, { adapters, requestsPerStream, promptTokens, outputTokens }) {
  const vocabularySize = await vocabularyOf(url);
  const load = { streams: adapters, requests: adapters * requestsPerStream, outputTokens };
  const run = (seed, requests) =>
    runClosedLoop({ ...load, requests }, prompts(promptTokens, vocabularySize, seed), (adapter, prompt, onToken) =>
      complete(url, { adapter, prompt, outputTokens, onToken }),
    );
  await run(2, adapters); // warms up
  return (await run(1, load.requests)).all.tokens_per_s;
}

async function vocabularyOf(url) {
  const models = await fetch(new URL('/v1/models', url), { signal: AbortSignal.timeout(ANSWER_MS) });
  return (await models.json()).data[0].meta.n_vocab;
}

/** One greedy answer that no token ends, streamed. */
async function complete(url, { adapter, prompt, outputTokens, onToken }) {
  const answer = await fetch(new URL('/completion', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' }, // it closes kept ones as they are used again
    body: JSON.stringify({
      prompt,
      n_predict: outputTokens,
      temperature: 0,
      ignore_eos: true,
      cache_prompt: false,
      stream: true,
      lora: [{ id: adapter, scale: 1 }],
    }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!answer.ok) {
    throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  }
  let rest = '';
  let seen = 0;
  for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines.filter((one) => one.startsWith('data: '))) {
      const event = JSON.parse(line.slice('data: '.length));
      // a token that ends amid a character has no event of its own
      for (const count = event.stop ? event.tokens_predicted : seen + 1; seen < count; seen++) {
        onToken();
      }
    }
  }
}

async function ready(url, process_) {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (process_.exitCode !== null || process_.signalCode !== null) {
      throw new Error('it ended before it was ready');
    }
    const health = await fetch(new URL('/health', url)).catch(() => undefined);
    if (health?.ok) {
      return;
    }
    await pause(100);
  }
  throw new Error(`it is not ready after ${START_MS / 1000} s`);
}

async function end(process_) {
  if (process_.pid === undefined || process_.exitCode !== null || process_.signalCode !== null) {
    return;
  }
  const ended = once(process_, 'exit');
  process_.kill('SIGTERM');
  const killed = setTimeout(() => process_.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(killed);
}
