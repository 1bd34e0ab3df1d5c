// Weft as a user has it: `./weft serve` in its own process, asked by `./weft bench` in another, through the gateway.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const START_MS = 300_000; // a first start takes up every adapter
const STOP_MS = 15_000;
const METRICS_MS = 5_000;
const BENCH_MS = 1_800_000;
const SOME_FAILED = 1; // how the load generator ends if any answer failed, those of its warm-up included

/** Serves a deployment file; `settings` are KEY=VALUE, `javaOptions` are laid over the environment's. */
export async function serve(weft, deployment, data, settings, javaOptions = '') {
  const sets = settings.flatMap((setting) => ['--set', setting]);
  const process_ = spawn(weft, ['serve', deployment, '--port', '0', '--data', data, ...sets], {
    env: { ...process.env, WEFT_JAVA_OPTIONS: `${process.env.WEFT_JAVA_OPTIONS ?? ''} ${javaOptions}`.trim() },
  });
  let log = '';
  process_.stderr.on('data', (text) => (log = (log + text).slice(-4000)));
  const { url, worker } = await ready(process_).catch((failure) => {
    process_.kill('SIGTERM');
    throw new Error(`${weft} serve ${deployment} ${settings.join(' ')}: ${failure.message}\n${log}`);
  });
  process_.stdout.resume();
  return { url, pid: process_.pid, engine: () => engineOf(worker), stop: () => stop(process_) };
}

/** What a worker says that it computes with, such as `onednn bf16, avx512-bf16`. */
export async function engineOf(worker) {
  const answer = await fetch(new URL('/actuator/prometheus', worker), { signal: AbortSignal.timeout(METRICS_MS) });
  return engineIn(await answer.text()) ?? `unknown: ${worker} doesn't say its kernels`;
}

/** The same in the text of its metrics; undefined if it is not there. */
export function engineIn(metrics) {
  const labels = /^weft_engine_kernels_info\{(.*)\} /m.exec(metrics)?.[1];
  const label = (name) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels ?? '')?.[1];
  const known = [label('kernels'), label('instruction_set')].filter(Boolean);
  return known.length === 0 ? undefined : known.join(', ');
}

async function ready(process_) {
  const lines = createInterface({ input: process_.stdout });
  let worker;
  const ready = (async () => {
    for await (const line of lines) {
      worker = /^worker {2,}(\S+)$/.exec(line)?.[1] ?? worker;
      const url = /^ready (\S+)/.exec(line)?.[1];
      if (url !== undefined) {
        return { url, worker };
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

/**
 * One run of the load generator; its one entry of `runs`.
 *
 * @param mayFail share of the answers that may fail. Weft's may not; llama.cpp's server closes connections that a request is
 *     under way on, and refuses some of its own answers to prompts of random tokens
 */
export async function bench(weft, url, options, json, mayFail = 0) {
  rmSync(json, { force: true });
  const process_ = spawn(weft, ['bench', url, ...options, '--json', json], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  process_.stderr.on('data', (text) => (log = (log + text).slice(-4000)));
  const [code] = await within(BENCH_MS, once(process_, 'exit'), 'the load generator did not end');
  const run = existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')).runs[0] : undefined;
  if (run !== undefined) {
    refuseFailed(run.all, mayFail);
  }
  const isExcused = code === SOME_FAILED && mayFail > 0;
  if (run === undefined || (code !== 0 && !isExcused)) {
    throw new Error(`${weft} bench ${url} ${options.join(' ')} ended with ${code}\n${log}`);
  }
  return run;
}

/** Throws where more answers failed than that share of them, or any is short. */
export function refuseFailed({ requests, failed, short_answers: short, errors }, mayFail) {
  const why = Object.entries(errors).map(([kind, { count, example }]) => `${count} x ${kind}, e.g. ${example}`);
  if (failed > mayFail * requests || short > 0) {
    throw new Error([`${failed} of ${requests} answers failed and ${short} were short`, ...why].join('\n'));
  }
  if (failed > 0) {
    console.error(`${failed} of ${requests} answers failed and count for nothing: ${why.join('; ')}`);
  }
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
