// Weft and llama.cpp in turn on one machine, and the ratios of their figures. Started by bench/compare.

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { measureLlama, measureServer, measureWeft } from './compare/subjects.mjs';
import { medians, reached } from './compare/targets.mjs';
import { watchCores } from './engine/machine.mjs';

const { values } = parseArgs({
  options: {
    weft: { type: 'string' },
    folder: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    'requests-per-stream': { type: 'string', default: '4' },
    precisions: { type: 'string', default: 'bf16,int8' },
    types: { type: 'string', default: 'BF16,Q8_0' },
    servers: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});

const settings = {
  weft: values.weft,
  folder: values.folder,
  threads: Number(values.threads),
  requests: Number(values['requests-per-stream']),
};

const subjects = alternate(
  list(values.precisions).map((precision) => ({
    name: `weft ${precision}`,
    measure: () => measureWeft(settings, precision),
  })),
  list(values.types).map((type) => ({
    name: `llama.cpp ${type}`,
    measure: () => measureLlama(settings, type),
  })),
);

function list(text) {
  return text.split(',').filter((part) => part !== '');
}

/** One of the first, one of the second, and so on. */
function alternate(first, second) {
  const pairs = Array.from({ length: Math.max(first.length, second.length) }, (_, i) => [
    first[i],
    second[i],
  ]);
  return pairs.flat().filter((subject) => subject !== undefined);
}

/** Cores that others keep busy while we do nothing. */
async function busyCores() {
  const cores = watchCores();
  await pause(2000);
  const busy = cores().other_cores;
  if (busy > 0.1) {
    process.stderr.write(`others keep ${busy.toFixed(1)} cores busy: the figures will be worth little\n`);
  }
  return busy;
}

const rounds = [];
const busyBefore = [];
for (let round = 0; round < Number(values.rounds); round++) {
  const figures = new Map();
  // every other round backwards, so that a machine that gets slower or faster favours nobody
  for (const { name, measure } of round % 2 === 0 ? subjects : subjects.toReversed()) {
    process.stderr.write(`round ${round + 1} of ${values.rounds}: ${name}\n`);
    busyBefore.push(await busyCores());
    (await measure()).forEach((value, key) => figures.set(key, value));
  }
  rounds.push(figures);
  report();
}

const figures = medians(rounds);
process.stdout.write('\ntokens/s, median of the rounds (of the prompt for prefill)\n');
for (const [key, value] of [...figures].toSorted(([a], [b]) => a.localeCompare(b))) {
  process.stdout.write(`  ${key.padEnd(28)} ${value.toFixed(1).padStart(8)}\n`);
}
process.stdout.write('\nratios\n');
for (const { text, ratio, least } of reached(figures)) {
  process.stdout.write(
    `  ${text.padEnd(52)} ${ratio.toFixed(2).padStart(6)}  target ${least}${ratio < least ? '  missed' : ''}\n`,
  );
}

function report() {
  const document = {
    format: 1,
    finished: new Date().toISOString(),
    environment: { cpu: cpus()[0].model, cores: cpus().length, node: process.version },
    settings: { threads: settings.threads, requests_per_stream: settings.requests },
    busy_cores_before: busyBefore,
    rounds: rounds.map((round) => Object.fromEntries(round)),
    medians: Object.fromEntries(medians(rounds)),
    ratios: reached(medians(rounds)),
  };
  writeFileSync(values.json, `${JSON.stringify(document, null, 2)}\n`);
}
