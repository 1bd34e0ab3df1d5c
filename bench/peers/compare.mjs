// Weft and llama.cpp in turn on one machine, and the ratios of their figures. Started by bench/compare.

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { levels, ownLevel } from './compare/levels.mjs';
import { measureLlama, measureServer, measureWeft } from './compare/subjects.mjs';
import { tables } from './compare/tables.mjs';
import { atLevel, atLevels, medians, reached } from './compare/targets.mjs';
import { watchCores } from './engine/machine.mjs';
import { options } from '../options.mjs';

const values = options({
  weft: { type: 'string' },
  folder: { type: 'string' },
  rounds: { type: 'string', default: '3', atLeast: 1 },
  threads: { type: 'string', default: '2', atLeast: 1 },
  'requests-per-stream': { type: 'string', default: '4', atLeast: 1 },
  precisions: { type: 'string', default: 'bf16,int8' },
  types: { type: 'string', default: 'BF16,Q8_0' },
  'llama-server': { type: 'string' },
  levels: { type: 'boolean', default: false },
  json: { type: 'string' },
});

const settings = {
  weft: values.weft,
  folder: values.folder,
  threads: values.threads,
  requests: values['requests-per-stream'],
};

/** The processor's own, which has targets; undefined if it has none of the levels. */
const own = ownLevel();

/** Of Weft: one that is not named, which is the processor's own, or all. */
const measured = values.levels ? levels() : [undefined];

const subjects = alternate(
  list(values.precisions).flatMap((precision) =>
    measured.map((level) => ({
      name: `weft ${precision}${level === undefined ? '' : ` at ${level.name}`}`,
      measure: async () => {
        const { figures, engine } = await measureWeft(settings, precision, level);
        return { figures: level === undefined ? figures : atLevel(figures, level.name), engine };
      },
    })),
  ),
  [
    ...list(values['llama-server'] === undefined ? values.types : '').map((type) => ({
      name: `llama.cpp ${type}`,
      measure: () => measureLlama(settings, type),
    })),
    ...list(values['llama-server'] === undefined ? '' : values.types).map((type) => ({
      name: `llama.cpp's server ${type}`,
      measure: () => measureServer(settings, type, values['llama-server']),
    })),
  ],
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
const engines = new Map();
const busyBefore = [];
for (let round = 0; round < values.rounds; round++) {
  const figures = new Map();
  // every other round backwards, so that a machine that gets slower or faster favours nobody
  for (const { name, measure } of round % 2 === 0 ? subjects : subjects.toReversed()) {
    process.stderr.write(`round ${round + 1} of ${values.rounds}: ${name}\n`);
    busyBefore.push(await busyCores());
    const found = await measure();
    engines.set(name, found.engine);
    found.figures.forEach((value, key) => figures.set(key, value));
  }
  rounds.push(figures);
  report();
}

process.stdout.write(tables(medians(rounds), engines, own));

function report() {
  const document = {
    format: 1,
    finished: new Date().toISOString(),
    environment: { cpu: cpus()[0].model, cores: cpus().length, node: process.version },
    settings: { threads: settings.threads, requests_per_stream: settings.requests },
    engines: Object.fromEntries(engines),
    busy_cores_before: busyBefore,
    rounds: rounds.map((round) => Object.fromEntries(round)),
    medians: Object.fromEntries(medians(rounds)),
    // of each level if there are several
    ratios: values.levels
      ? Object.fromEntries([...atLevels(medians(rounds))].map(([level, figures]) => [level, reached(figures, level)]))
      : reached(medians(rounds), own),
  };
  writeFileSync(values.json, `${JSON.stringify(document, null, 2)}\n`);
}
