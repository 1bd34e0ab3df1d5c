// Weft before a vLLM, and the same vLLM alone, in turn on one machine. Started by bench/relay.

import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { treeCpuSeconds } from './beside/cpu.mjs';
import { quantile } from './beside/quantile.mjs';
import { ask } from './beside/streams.mjs';
import { startTap } from './beside/tap.mjs';
import { load, startVllm } from './beside/vllm.mjs';
import { bench, serve } from './peers/compare/weft.mjs';
import { watchCores } from './peers/engine/machine.mjs';
import { options } from './options.mjs';

const values = options({
  weft: { type: 'string' },
  vllm: { type: 'string' },
  checkpoint: { type: 'string' },
  rounds: { type: 'string', default: '2', atLeast: 1 },
  streams: { type: 'string', default: '64', atLeast: 1 },
  requests: { type: 'string', default: '3', atLeast: 1 },
  'output-tokens': { type: 'string', default: '32', atLeast: 1 },
  adapters: { type: 'string', default: '100', atLeast: 0 },
  held: { type: 'string', default: '16', atLeast: 1 },
  'rotation-requests': { type: 'string', default: '200', atLeast: 1 },
  'warm-plays': { type: 'string', default: '40', atLeast: 0 },
  json: { type: 'string' },
});

const SLOTS = Math.min(8, values.held);
const RANK = 8;
const ROTATION_STREAMS = 16;
const ROTATION_TOKENS = 16;

/** Between two events of a stream that is played. */
const PACE_MS = 40;

/** Cores that a server takes at most while it rests. */
const REST = 0.05;
const MOST_SECONDS_OF_UNREST = 30;

const folder = mkdtempSync(join(tmpdir(), 'weft-relay-'));
const ends = [];
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    end().finally(() => process.exit(1));
  });
}

try {
  const adapters = makeAdapters();
  const vllm = await startVllm({
    program: values.vllm,
    checkpoint: values.checkpoint,
    streams: values.streams,
    slots: SLOTS,
    held: values.held,
    rank: RANK,
    log: `${values.json}.vllm.log`,
  });
  ends.push(vllm.stop);
  for (const [name, path] of adapters) {
    await load(vllm.url, name, path);
  }
  const tap = await startTap(vllm.url);
  ends.push(tap.stop);
  const weft = await serve(values.weft, deployment(tap.url), join(folder, 'data'), ['weft.catalog.port=0', 'weft.inference.port=0']);
  ends.push(weft.stop);
  const subjects = [
    { name: 'vLLM', url: tap.url, models: vllm.url },
    { name: 'Weft', url: weft.url, models: weft.url },
  ];
  for (const subject of subjects) {
    await streams(subject, `warm-${subject.name}`, weft, vllm, tap);
  }
  for (let warm = 1; warm <= values['warm-plays']; warm++) {
    const run = await played(subjects[1], `warm-${warm}`, weft, vllm, tap);
    process.stderr.write(`warm ${warm}: ${run.weft_cpu_us_per_token.toFixed(0)} us\n`);
  }
  const rounds = [];
  for (let round = 1; round <= values.rounds; round++) {
    for (const subject of round % 2 === 1 ? subjects : subjects.toReversed()) {
      const run = {
        subject: subject.name,
        played: await played(subject, `played-${round}-${subject.name}`, weft, vllm, tap),
        streams: await streams(subject, `${round}-${subject.name}`, weft, vllm, tap),
      };
      if (adapters.length > 0) {
        run.rotation = await rotation(subject);
      }
      process.stderr.write(`round ${round} ${JSON.stringify(run)}\n`);
      rounds.push(run);
    }
  }
  const environment = { cpu: cpus()[0].model, cores: cpus().length };
  writeFileSync(values.json, `${JSON.stringify({ format: 1, finished: new Date().toISOString(), environment, rounds }, null, 2)}\n`);
  print(rounds);
} finally {
  await end();
}

async function end() {
  for (const stop of ends.splice(0).toReversed()) {
    await stop();
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Names and folders of adapters with random weights. */
function makeAdapters() {
  if (values.adapters === 0) {
    return [];
  }
  const out = join(folder, 'adapters');
  execFileSync(
    values.weft,
    [
      'bench', 'adapters', values.checkpoint, out, '--count', values.adapters, '--rank', String(RANK),
      '--deployment', join(folder, 'weft.yaml'),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return readdirSync(out, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => [entry.name, join(out, entry.name)]);
}

/** The deployment file of those adapters, before that server. */
function deployment(url) {
  const file = join(folder, 'weft.yaml');
  if (values.adapters === 0) {
    writeFileSync(
      file,
      `model_name: base\ntrt_llm:\n  build:\n    checkpoint_repository: {source: FILE, repo: ${values.checkpoint}}\n    max_lora_rank: ${RANK}\n`,
    );
  }
  const shared = join(folder, 'shared');
  mkdirSync(shared);
  appendFileSync(
    file,
    `weft:\n  engine: vllm\n  relay: {url: "${url}", shared-dir: ${shared}, max-cpu-loras: ${values.held}}\n  inference: {max-loras: ${SLOTS}}\n`,
  );
  return file;
}

/** Streams on the base: milliseconds from the tap to the client for each event, tokens/s, CPU per token. */
async function streams({ url }, run, weft, vllm, tap) {
  tap.times.clear();
  const cores = watchCores();
  const before = [treeCpuSeconds(weft.pid), treeCpuSeconds(vllm.pid)];
  const { times, seconds } = await ask(url, {
    streams: values.streams,
    requests: values.requests,
    outputTokens: values['output-tokens'],
    run,
  });
  const [ofWeft, ofVllm] = [treeCpuSeconds(weft.pid) - before[0], treeCpuSeconds(vllm.pid) - before[1]];
  const late = [...times].flatMap(([name, moments]) => {
    const left = tap.times.get(name);
    if (left.length !== moments.length) {
      throw new Error(`${name}: ${left.length} events left vLLM, ${moments.length} came`);
    }
    return moments.map((moment, event) => moment - left[event]);
  });
  const tokens = values.streams * values.requests * values['output-tokens'];
  return {
    late_ms: { p50: quantile(late, 0.5), p90: quantile(late, 0.9), p99: quantile(late, 0.99) },
    tokens_per_s: tokens / seconds,
    weft_cpu_us_per_token: (1e6 * ofWeft) / tokens,
    vllm_cpu_us_per_token: (1e6 * ofVllm) / tokens,
    ...cores(),
  };
}

/** The same while vLLM rests: its last stream, played at a pace in which it leaves the processor to others. */
async function played(subject, run, weft, vllm, tap) {
  await rests(vllm);
  tap.playsAt(PACE_MS);
  try {
    return await streams(subject, run, weft, vllm, tap);
  } finally {
    tap.playsAt(0);
  }
}

/** Waits until it takes no processor: after an answer vLLM looks for more for a while. */
async function rests({ pid }) {
  for (let second = 0; second < MOST_SECONDS_OF_UNREST; second++) {
    const before = treeCpuSeconds(pid);
    await sleep(1000);
    if (treeCpuSeconds(pid) - before < REST) {
      return;
    }
  }
}

/** One adapter after the other. */
async function rotation({ models: url }) {
  const options = [
    '--streams', String(ROTATION_STREAMS), '--models', 'lora-*', '--popularity', 'rotate',
    '--requests', values['rotation-requests'], '--output-tokens', String(ROTATION_TOKENS), '--warmup', String(ROTATION_STREAMS),
  ];
  const { all } = await bench(values.weft, url, options, join(folder, 'rotation.json'));
  return { tokens_per_s: all.tokens_per_s };
}

function print(rounds) {
  const median = (subject, read) => quantile(rounds.filter((run) => run.subject === subject).map(read), 0.5);
  const line = (name, read, digits) =>
    `${name.padEnd(44)} ${['vLLM', 'Weft'].map((subject) => median(subject, read).toFixed(digits).padStart(10)).join('')}\n`;
  process.stdout.write(`${''.padEnd(44)} ${'vLLM'.padStart(10)}${'Weft'.padStart(10)}\n`);
  process.stdout.write(line('played: event later at the client, p50 ms', (run) => run.played.late_ms.p50, 2));
  process.stdout.write(line('the same, p99 ms', (run) => run.played.late_ms.p99, 2));
  process.stdout.write(line("played: Weft's CPU per token, us", (run) => run.played.weft_cpu_us_per_token, 0));
  process.stdout.write(line('event at the client later than at vLLM, p50 ms', (run) => run.streams.late_ms.p50, 2));
  process.stdout.write(line('the same, p99 ms', (run) => run.streams.late_ms.p99, 2));
  process.stdout.write(line(`tokens/s, ${values.streams} streams on the base`, (run) => run.streams.tokens_per_s, 1));
  process.stdout.write(line("vLLM's CPU per token, us", (run) => run.streams.vllm_cpu_us_per_token, 0));
  process.stdout.write(line("Weft's CPU per token, us", (run) => run.streams.weft_cpu_us_per_token, 0));
  if (rounds[0].rotation !== undefined) {
    process.stdout.write(line(`tokens/s, ${values.adapters} adapters over ${values.held} held`, (run) => run.rotation.tokens_per_s, 1));
  }
}
