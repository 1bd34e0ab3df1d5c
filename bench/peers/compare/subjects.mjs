// What a round measures. A figure's key is SUBJECT/CASE/STREAMS, such as weft-int8/base/16 or llama-BF16/distinct/16; its
// value is tokens per second, of the prompt if the case is prefill.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_WAY } from '../engine/cases.mjs';
import { adapterEach, startServer } from './llama-server.mjs';
import { bench, serve } from './weft.mjs';

const PREFILLS = 16; // as llama.mjs
const LORA = ['--models', 'lora-*', '--popularity', 'distinct'];

const PREFILL = ['--prompt-tokens', '512', '--output-tokens', '1'];

/** Per deployment file of bench/peers/prepare: cases of Weft as [name, streams, options of the load generator]. */
const WEFT_CASES = {
  'all-16': [
    ['base', 1, ['--models', 'base']],
    ['base', 16, ['--models', 'base']],
    ['one', 16, ['--models', 'lora-0001']],
    ['distinct', 16, LORA],
    ['prefill', 1, ['--models', 'base', ...PREFILL]],
  ],
  'qv-8': [
    ['base-qv', 16, ['--models', 'base']],
    ['distinct-qv', 16, LORA],
  ],
  single: [
    ['base-single', 16, ['--models', 'base']],
    ['merged', 16, ['--models', 'lora-0001']],
  ],
};

/** Of llama.cpp's own server without adapters. */
const SERVER_CASES = WEFT_CASES['all-16'].filter(([, , options]) => options.includes('base'));

/** Share of the answers of llama.cpp's own server that may fail; a version of 2026-08 fails one in twenty. */
const SERVER_MAY_FAIL = 0.2;

/** Not measured: a JVM that has just started compiles while it answers. */
const WARM_UP = ['--streams', '16', '--requests', '64', '--models', 'all'];

/** Weft at one precision and level (its own if none is named): a Map of figures, and what it computed with. */
export async function measureWeft({ weft, folder, threads, requests }, precision, level = { settings: [], javaOptions: '' }) {
  const found = new Map();
  const engines = new Set();
  for (const [deployment, cases] of Object.entries(WEFT_CASES)) {
    const settings = [
      `weft.inference.precision=${precision}`,
      `weft.inference.threads=${threads}`,
      'weft.inference.speculative-tokens=0', // llama.cpp guesses none either
      ...level.settings,
    ];
    const server = await serve(
      weft,
      join(folder, `${deployment}.yaml`),
      join(folder, `data-${deployment}`),
      settings,
      level.javaOptions,
    );
    try {
      engines.add(await server.engine());
      await bench(weft, server.url, WARM_UP, join(folder, 'weft.json'));
      const measured = await measureCases({ weft, folder, requests }, server.url, cases);
      measured.forEach((value, key) => found.set(`weft-${precision}/${key}`, value));
    } finally {
      await server.stop();
    }
  }
  return { figures: found, engine: [...engines].join('; ') };
}

/**
 * llama.cpp's own server at one type of weights: figures of the base, and of sixteen adapters by a second process, as one that
 * knows adapters is slower on the base too.
 */
export async function measureServer(settings, type, path) {
  const model = join(settings.folder, `${type}.gguf`);
  const { threads } = settings;
  const figures = await withServer(path, { model, threads }, async ({ url, engine }) => {
    const warmUp = ['--streams', '16', '--requests', '16', '--models', 'base'];
    await bench(settings.weft, url, warmUp, join(settings.folder, 'weft.json'), SERVER_MAY_FAIL);
    return { measured: await measureCases({ ...settings, mayFail: SERVER_MAY_FAIL }, url, SERVER_CASES), engine };
  });
  const adapters = adaptersOf(settings.folder);
  const load = { adapters: adapters.length, requestsPerStream: settings.requests, promptTokens: 45, outputTokens: 64 };
  const switched = await withServer(path, { model, threads, adapters }, ({ url }) => adapterEach(url, load));
  figures.measured.set(`switched/${adapters.length}`, switched);
  return {
    figures: new Map([...figures.measured].map(([key, value]) => [`server-${type}/${key}`, value])),
    engine: figures.engine,
  };
}

async function withServer(path, options, use) {
  const server = await startServer(path, options);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** Figures by CASE/STREAMS. */
async function measureCases({ weft, folder, requests, mayFail }, url, cases) {
  const found = new Map();
  for (const [name, streams, options] of cases) {
    const count = name === 'prefill' ? PREFILLS : requests * streams;
    const load = ['--streams', String(streams), '--requests', String(count), ...options];
    const { all } = await bench(weft, url, load, join(folder, 'weft.json'), mayFail);
    found.set(`${name}/${streams}`, name === 'prefill' ? all.prompt_tokens_per_s : all.tokens_per_s);
  }
  return found;
}

/** llama.cpp at one type of weights, in a process of its own: a Map of figures, and the library of kernels that it took. */
export function measureLlama({ folder, threads, requests }, type) {
  const json = join(folder, 'llama.json');
  const options = [
    '--model',
    join(folder, `${type}.gguf`),
    '--lora',
    adaptersOf(folder).join(),
    '--requests-per-stream',
    String(requests),
  ];
  execFileSync(
    process.execPath,
    [join(import.meta.dirname, '..', 'llama.mjs'), ...options, '--threads', String(threads), '--json', json],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const { runs, library } = JSON.parse(readFileSync(json, 'utf8'));
  const figures = new Map(
    runs.flatMap(({ case: name, streams, all, trials }) => [
      [
        `llama-${type}/${name}/${streams}`,
        name === 'prefill' ? all.prompt_tokens_per_s : all.tokens_per_s,
      ],
      ...(name === 'distinct' ? [[`llama-${type}/switched/${streams}`, asItsServer(trials)]] : []),
    ]),
  );
  return { figures, engine: `llama.cpp ${library.llamaCpp}, ${library.variant} (${library.instructions.join(' ')})` };
}

/** The sixteen of bench/peers/prepare, as GGUF files. */
function adaptersOf(folder) {
  const adapters = join(folder, 'all-16');
  return readdirSync(adapters)
    .filter((file) => file.endsWith('.gguf'))
    .map((file) => join(adapters, file));
}

/** The way of llama.cpp's own server, of which only the trial run is measured. */
function asItsServer(trials) {
  return Math.max(...trials.filter(({ way }) => way === SERVER_WAY).map((trial) => trial.tokens_per_s));
}
