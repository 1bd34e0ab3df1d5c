// Streams that ask one request after the other, and when each event came.

import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { textEvents } from './events.mjs';

const ANSWER_MS = 600_000;

/** Asks `requests` times in each of `streams`; tells when events came by the request's name, and how long all took. */
export async function ask(url, { streams, requests, outputTokens, run }) {
  const agent = new Agent({ keepAlive: true, maxSockets: streams });
  const times = new Map();
  const begun = performance.now();
  const stream = async (number) => {
    for (let each = 0; each < requests; each++) {
      const name = `${run}-${number}-${each}`;
      times.set(name, await one(url, agent, name, outputTokens));
    }
  };
  await Promise.all(Array.from({ length: streams }, (_, number) => stream(number)));
  agent.destroy();
  return { times, seconds: (performance.now() - begun) / 1000 };
}

function one(url, agent, name, outputTokens) {
  const body = JSON.stringify({
    model: 'base',
    prompt: `Story ${name}: once upon a time in a town by the sea there was`,
    max_tokens: outputTokens,
    temperature: 0,
    ignore_eos: true,
    stream: true,
    user: name,
  });
  return new Promise((resolve, reject) => {
    const asked = request(
      new URL('/v1/completions', url),
      {
        method: 'POST',
        agent,
        timeout: ANSWER_MS,
        headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
      },
      (answer) => {
        const count = textEvents();
        const moments = [];
        let last = '';
        answer.on('data', (piece) => {
          const now = performance.now();
          const text = piece.toString('latin1');
          last = (last + text).slice(-200);
          for (let events = count(text); events > 0; events--) {
            moments.push(now);
          }
        });
        answer.on('error', reject);
        answer.on('end', () =>
          answer.statusCode === 200 && last.includes('data: [DONE]')
            ? resolve(moments)
            : reject(new Error(`${url} answered ${name} with ${answer.statusCode}: ${last}`)),
        );
      },
    );
    asked.on('timeout', () => asked.destroy(new Error(`${url} sent nothing for ${ANSWER_MS / 1000} s`)));
    asked.on('error', reject);
    asked.end(body);
  });
}
