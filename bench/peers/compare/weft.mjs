// Weft as a user has it: `./weft serve` in its own process, asked by `./weft bench` in another, through the gateway.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const START_MS = 300_000; // a first start takes up every adapter
const STOP_MS = 15_000;
const BENCH_MS = 1_800_000;

/** Serves a deployment file; `settings` are KEY=VALUE. */
export async function serve(weft, deployment, data, settings) {
  const sets = settings.flatMap((setting) => ['--set', setting]);
  const process_ = spawn(weft, ['serve', deployment, '--port', '0', '--data', data, ...sets]);
  let log = '';
  process_.stderr.on('data', (text) => (log = (log + text).slice(-4000)));
  const url = await readyUrl(process_).catch((failure) => {
    process_.kill('SIGTERM');
    throw new Error(`${weft} serve ${deployment} ${settings.join(' ')}: ${failure.message}\n${log}`);
  });
  process_.stdout.resume();
  return { url, stop: () => stop(process_) };
}

async function readyUrl(process_) {
  const lines = createInterface({ input: process_.stdout });
  const ready = (async () => {
    for await (const line of lines) {
      const url = /^ready (\S+)/.exec(line)?.[1];
      if (url !== undefined) {
        return url;
      }
    }
    throw new Error('it ended before it was ready');
  })();
  return within(START_MS, ready, 'it is not ready');
}

async function stop(process_) {
  const ended = once(process_, 'exit');
  process_.kill('SIGTERM');
  await within(STOP_MS, ended, 'it did not end on TERM').catch((failure) => {
    process_.kill('SIGKILL');
    throw failure;
  });
}

/** One run of the load generator; its one entry of `runs`. */
export async function bench(weft, url, options, json) {
  const process_ = spawn(weft, ['bench', url, ...options, '--json', json], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  process_.stderr.on('data', (text) => (log = (log + text).slice(-4000)));
  const [code] = await within(BENCH_MS, once(process_, 'exit'), 'the load generator did not end');
  if (code !== 0) {
    throw new Error(`${weft} bench ${url} ${options.join(' ')} ended with ${code}\n${log}`);
  }
  const [run] = JSON.parse(readFileSync(json, 'utf8')).runs;
  if (run.all.failed > 0 || run.all.short_answers > 0) {
    throw new Error(
      `${run.all.failed} of ${run.all.requests} answers failed and ${run.all.short_answers} were short`,
    );
  }
  return run;
}

async function within(milliseconds, promise, otherwise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${otherwise} after ${milliseconds / 1000} s`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
