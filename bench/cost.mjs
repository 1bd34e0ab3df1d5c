// Two fleets of one deployment file, with and without times and traces, asked in turn. Started by bench/cost.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { treeCpuSeconds } from './beside/cpu.mjs';
import { quantile } from './beside/quantile.mjs';
import { options } from './options.mjs';

const values = options({
  weft: { type: 'string' },
  file: { type: 'string' },
  set: { type: 'string', multiple: true, default: [] },
  rounds: { type: 'string', default: '16', atLeast: 1 },
  'warm-up': { type: 'string', default: '8000', atLeast: 0 },
  'scrape-seconds': { type: 'string', default: '15', atLeast: 0 },
  requests: { type: 'string', default: '400', atLeast: 1 },
  streams: { type: 'string', default: '16', atLeast: 1 },
  'prompt-tokens': { type: 'string', default: '45', atLeast: 1 },
  'output-tokens': { type: 'string', default: '64', atLeast: 1 },
  json: { type: 'string' },
});

const START_MS = 120_000;
const folder = mkdtempSync(join(tmpdir(), 'weft-cost-'));
const children = [];

/** A collector of traces that answers well and keeps nothing. */
const collector = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200).end());
});

/** Starts one service; resolves with its process and address once it says `ready`. */
function start(service, data, settings) {
  const sets = [...values.set, ...settings].flatMap((pair) => ['--set', pair]);
  const child = spawn(
    values.weft,
    ['run', service, values.file, '--port', '0', '--data', join(folder, data), ...sets],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  children.push(child);
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${service} was not ready in time\n${said}`)), START_MS);
    child.once('exit', (code) => reject(new Error(`${service} ended with ${code}\n${said}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) {
        clearTimeout(late);
        resolve({ pid: child.pid, url: line.slice('ready '.length).trim() });
      }
    });
  });
}

async function startFleet(name, settings) {
  const catalog = await start('catalog', `${name}-catalog`, settings);
  const follow = [...settings, `weft.catalog.url=${catalog.url}`];
  const worker = await start('worker', `${name}-worker`, follow);
  const gateway = await start('gateway', `${name}-gateway`, [...follow, `weft.gateway.workers=${worker.url}`]);
  return { name, gateway, services: [catalog, worker, gateway] };
}

/** Reads all metrics of a fleet every so often, as Prometheus would; returns what ends it. */
function scrape(fleet, seconds) {
  if (seconds === 0) {
    return () => {};
  }
  const timer = setInterval(() => {
    for (const { url } of fleet.services) {
      // a service that is slow or gone is seen by the load as well
      fetch(new URL('/actuator/prometheus', url), { signal: AbortSignal.timeout(5_000) }).then((answer) => answer.text(), () => {});
    }
  }, 1000 * seconds);
  return () => clearInterval(timer);
}

async function measure(fleet, requests = values.requests) {
  const json = join(folder, 'bench.json');
  const before = treeCpuSeconds(fleet.gateway.pid);
  await promisify(execFile)(values.weft, [
    'bench', fleet.gateway.url, '--streams', values.streams, '--requests', requests, '--models', 'all',
    '--popularity', 'rotate', '--prompt-tokens', values['prompt-tokens'], '--output-tokens', values['output-tokens'],
    '--warmup', '0', '--json', json,
  ]);
  const cpu = treeCpuSeconds(fleet.gateway.pid) - before;
  const { all } = JSON.parse(readFileSync(json, 'utf8')).runs[0];
  return { tokens_per_s: all.tokens_per_s, gateway_cpu_ms: (1000 * cpu) / all.requests };
}

const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

/** What half of the rounds say, and their geometric mean with its standard error, as a share of it. */
function summary(ratios) {
  const logs = ratios.map(Math.log);
  const middle = mean(logs);
  const variance = mean(logs.map((each) => (each - middle) ** 2)) * (logs.length / Math.max(1, logs.length - 1));
  return {
    mean: Math.exp(middle),
    error: Math.sqrt(variance / logs.length),
    median: quantile(ratios, 0.5),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    rounds: ratios,
  };
}

const shown = ({ mean, error, median, quartiles: [low, high] }) =>
  `${mean.toFixed(3)} +- ${error.toFixed(3)} (median ${median.toFixed(3)}, half of the rounds ${low.toFixed(3)} to ${high.toFixed(3)})`;

let endScrapes = () => {};
// Who is told to end takes the services along.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    children.forEach((child) => child.kill('SIGTERM'));
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  });
}

try {
  await new Promise((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${collector.address().port}`;
  const off = await startFleet('off', ['weft.metrics.enabled=false']);
  const on = await startFleet('on', [`weft.tracing.otlp-endpoint=${endpoint}`, 'weft.tracing.sample-ratio=1.0']);
  endScrapes = scrape(on, values['scrape-seconds']);
  const said = (when, fleet, run) =>
    process.stderr.write(
      `${when} ${fleet.name.padEnd(3)} ${run.tokens_per_s.toFixed(1)} tokens/s, gateway ${run.gateway_cpu_ms.toFixed(2)} ms of CPU a request\n`,
    );
  if (values['warm-up'] > 0) {
    for (const fleet of [off, on]) {
      said('warm-up', fleet, await measure(fleet, values['warm-up']));
    }
  }
  const rounds = [];
  for (let round = 1; round <= values.rounds; round++) {
    // off, on, on, off, and the next round the other way about: a machine that grows slower or faster does so for both
    const [first, second] = round % 2 === 0 ? [on, off] : [off, on];
    const runs = { off: [], on: [] };
    for (const fleet of [first, second, second, first]) {
      const run = await measure(fleet);
      said(`round ${round}`, fleet, run);
      runs[fleet.name].push(run);
    }
    rounds.push(runs);
  }
  // within rounds, since the machine changes more between them
  const ratio = (key) =>
    summary(rounds.map(({ off: without, on: withThem }) => mean(withThem.map((run) => run[key])) / mean(without.map((run) => run[key]))));
  const result = {
    format: 2,
    finished: new Date().toISOString(),
    environment: { cpu: cpus()[0].model, cores: cpus().length },
    file: values.file,
    rounds,
    tokens_per_s_ratio: ratio('tokens_per_s'),
    gateway_cpu_ratio: ratio('gateway_cpu_ms'),
  };
  writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(
    `with / without: tokens/s ${shown(result.tokens_per_s_ratio)}, gateway's CPU per request ${shown(result.gateway_cpu_ratio)}\n`,
  );
} finally {
  endScrapes();
  children.forEach((child) => child.kill('SIGTERM'));
  collector.close();
  collector.closeAllConnections();
  await Promise.all(children.map((child) => child.exitCode ?? new Promise((resolve) => child.once('exit', resolve))));
  rmSync(folder, { recursive: true, force: true });
}
