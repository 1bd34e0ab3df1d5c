#!/usr/bin/env node
// Measures llama.cpp through node-llama-cpp. See --help.

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { CASE_NAMES, measure } from './engine/cases.mjs';

const HELP = `usage: node llama.mjs --model A.gguf[,B.gguf...] [options]

--lora A.gguf,B.gguf,...   adapters; the cases one (its first) and distinct (one for each stream) need them
--cases LIST               of ${CASE_NAMES.join(', ')} (default: base, prefill, and with --lora also one and distinct)
--streams N,N,...          answers at once (default: 1,16); distinct is measured from 2 on, prefill at 1
--prompt-tokens N          default 45;  --prefill-tokens N  for prefill, default 512
--output-tokens N          default 64
--requests N               in a run (default: as --requests-per-stream says, 16 for prefill)
--requests-per-stream N    default 4
--threads N                in all (default: 2)
--flash-attention WHICH    on, off, or faster: tries both (default)
--seed N                   of the prompts (default: 1)
--json OUT                 writes all figures to this file too
`;

const OPTIONS = {
  model: { type: 'string' },
  lora: { type: 'string' },
  cases: { type: 'string' },
  streams: { type: 'string', default: '1,16' },
  'prompt-tokens': { type: 'string', default: '45' },
  'prefill-tokens': { type: 'string', default: '512' },
  'output-tokens': { type: 'string', default: '64' },
  requests: { type: 'string' },
  'requests-per-stream': { type: 'string', default: '4' },
  threads: { type: 'string', default: '2' },
  'flash-attention': { type: 'string', default: 'faster' },
  seed: { type: 'string', default: '1' },
  json: { type: 'string' },
  help: { type: 'boolean' },
};

const FLASH_ATTENTION = { on: [true], off: [false], faster: [true, false] };

class Usage extends Error {}

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({ options: OPTIONS }));
  } catch (failure) {
    throw new Usage(failure.message);
  }
  if (values.help) {
    return undefined;
  }
  if (values.model === undefined) {
    throw new Usage('--model is missing');
  }
  const adapters = values.lora?.split(',') ?? [];
  const cases =
    values.cases?.split(',') ??
    CASE_NAMES.filter((name) => adapters.length > 0 || ['base', 'prefill'].includes(name));
  const unknown = cases.find((name) => !CASE_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new Usage(`--cases ${unknown} is not allowed: ${CASE_NAMES.join(', ')}`);
  }
  const flashAttention = FLASH_ATTENTION[values['flash-attention']];
  if (flashAttention === undefined) {
    throw new Usage(
      `--flash-attention ${values['flash-attention']} is not allowed: ${Object.keys(FLASH_ATTENTION).join(', ')}`,
    );
  }
  const streams = values.streams.split(',').map((text) => count('streams', text));
  const needed = cases.includes('distinct') ? Math.max(...streams) : cases.includes('one') ? 1 : 0;
  if (adapters.length < needed) {
    throw new Usage(`--lora names ${adapters.length} adapters, these cases and streams need ${needed}`);
  }
  return {
    models: values.model.split(','),
    adapters,
    cases,
    streams,
    flashAttention,
    promptTokens: count('prompt-tokens', values['prompt-tokens']),
    prefillTokens: count('prefill-tokens', values['prefill-tokens']),
    outputTokens: count('output-tokens', values['output-tokens']),
    requests: values.requests && count('requests', values.requests),
    requestsPerStream: count('requests-per-stream', values['requests-per-stream']),
    threads: count('threads', values.threads),
    seed: count('seed', values.seed),
    json: values.json,
  };
}

function count(option, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 1_000_000) {
    throw new Usage(`--${option} ${text} is not allowed: a whole number from 1 to 1000000`);
  }
  return number;
}

/** The runs of a case: [streams, ...], and what differs in its load. */
function loads(name, options) {
  const requests = (streams) => options.requests ?? options.requestsPerStream * streams;
  if (name === 'prefill') {
    return [
      { streams: 1, requests: options.requests ?? 16, promptTokens: options.prefillTokens, outputTokens: 1 },
    ];
  }
  return options.streams
    .filter((streams) => name !== 'distinct' || streams > 1)
    .map((streams) => ({
      streams,
      requests: requests(streams),
      promptTokens: options.promptTokens,
      outputTokens: options.outputTokens,
    }));
}

async function main(options) {
  const { describeLibrary, openLibrary } = await import('./engine/library.mjs'); // not needed for --help
  const llama = await openLibrary(options.threads);
  const report = {
    format: 1,
    started: new Date().toISOString(),
    environment: { cpu: cpus()[0].model, cores: cpus().length, node: process.version },
    library: undefined,
    options,
    runs: [],
  };
  for (const path of options.models) {
    const model = await llama.loadModel({ modelPath: path });
    if (report.library === undefined) {
      report.library = describeLibrary(llama);
      process.stdout.write(head(report.library));
    }
    for await (const run of measureModel(model, options)) {
      report.runs.push({ model: basename(path), ...run });
      process.stdout.write(row(report.runs.at(-1)));
      if (options.json !== undefined) {
        writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
      }
    }
    await model.dispose();
  }
  await llama.dispose();
}

async function* measureModel(model, options) {
  const { metadata } = model.fileInfo;
  const shared = {
    model,
    vocabularySize: metadata[metadata.general.architecture].vocab_size,
    threads: options.threads,
    adapters: options.adapters,
    flashAttention: options.flashAttention,
    seed: options.seed,
  };
  for (const name of options.cases) {
    for (const load of loads(name, options)) {
      yield await measure(name, { ...shared, ...load });
    }
  }
}

const COLUMNS = [14, 10, 8, 10, 10, 10, 10];

function head({ package: name, llamaCpp, variant, instructions }) {
  const titles = ['model', 'case', 'streams', 'tokens/s', 'first ms', 'next p50', 'p99'];
  return `${name}, llama.cpp ${llamaCpp}, ${variant} (${instructions.join(' ')})\n${columns(titles)}  way\n`;
}

function row({ model, case: name, streams, way, flash_attention: flash, all, threads, other_cores: others }) {
  const speed = name === 'prefill' ? all.prompt_tokens_per_s : all.tokens_per_s;
  const gaps = all.inter_token_ms;
  const cells = [model, name, streams, speed.toFixed(1), all.ttft_ms.p50.toFixed(0)];
  const between = gaps ? [gaps.p50.toFixed(1), gaps.p99.toFixed(1)] : ['', ''];
  const disturbed = others > 0.1 ? `; OTHERS kept ${others.toFixed(1)} cores busy` : '';
  const how = `${way}, flash attention ${flash ? 'on' : 'off'}, ${threads} threads${disturbed}`;
  return `${columns([...cells, ...between])}  ${how}\n`;
}

function columns(cells) {
  return cells
    .map((cell, i) => (i < 2 ? String(cell).padEnd(COLUMNS[i]) : String(cell).padStart(COLUMNS[i])))
    .join('');
}

try {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(HELP);
  } else {
    await main(options);
  }
} catch (failure) {
  process.stderr.write(
    `llama: ${failure instanceof Usage ? `${failure.message}\n${HELP}` : (failure.stack ?? failure)}\n`,
  );
  process.exitCode = failure instanceof Usage ? 2 : 1;
}
