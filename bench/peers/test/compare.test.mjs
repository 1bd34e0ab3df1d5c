import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { levels } from '../compare/levels.mjs';
import { instructions } from '../compare/llama-server.mjs';
import { tables } from '../compare/tables.mjs';
import { TARGETS, atLevel, atLevels, medians, reached } from '../compare/targets.mjs';
import { bench, engineIn, refuseFailed } from '../compare/weft.mjs';

test('figures are the medians of the rounds that have them', () => {
  const rounds = [
    [
      ['a', 1],
      ['b', 10],
    ],
    [['a', 5]],
    [
      ['a', 2],
      ['b', 20],
    ],
  ].map((entries) => new Map(entries));
  assert.deepEqual(
    [...medians(rounds)],
    [
      ['a', 2],
      ['b', 15],
    ],
  );
});

test('a ratio is over the better type of llama.cpp', () => {
  const figures = new Map([
    ['weft-bf16/distinct/16', 600],
    ['llama-BF16/distinct/16', 70],
    ['llama-Q8_0/distinct/16', 100],
  ]);
  assert.deepEqual(
    reached(figures).map(({ ratio, least }) => [ratio, least]),
    [[6, 5]],
  );
});

test('a ratio that lacks a figure is left out', () => {
  assert.deepEqual(
    reached(
      new Map([
        ['weft-bf16/distinct/16', 600],
        ['llama-BF16/distinct/16', 70],
      ]),
    ),
    [],
  );
  const all = new Map(TARGETS.flatMap(({ figure, others }) => [figure, ...others.flat()].map((key) => [key, 1])));
  assert.equal(reached(all).length, TARGETS.length);
});

test("llama.cpp's own server stands in for its library, and counts if it is faster", () => {
  const figures = new Map([
    ['weft-bf16/base/1', 100],
    ['llama-BF16/base/1', 80],
    ['server-BF16/base/1', 125],
    ['server-Q8_0/base/1', 200],
  ]);
  assert.deepEqual(
    reached(figures).map(({ ratio }) => ratio),
    [0.8],
  );
  figures.delete('llama-BF16/base/1');
  assert.deepEqual(
    reached(figures).map(({ ratio }) => ratio),
    [0.8],
  );
});

test('what is wanted depends on the level, and one between two wants what the lesser does', () => {
  const figures = new Map([
    ['weft-int8/base/1', 150],
    ['server-Q8_0/base/1', 100],
  ]);
  const least = (level) => reached(figures, level).map((target) => target.least);
  assert.deepEqual(
    ['avx2', 'avx512', 'avx512-vnni', 'avx512-bf16', 'amx', undefined].flatMap(least),
    [1, 1, 1, 1.7, 1.8, 1],
  );
});

test("a server's log says what it computes with", () => {
  const line = 'system_info: n_threads = 2 (n_threads_batch = 2) / 2 | CPU : SSE3 = 1 | AVX2 = 1 | REPACK = 1 | ';
  assert.equal(instructions(['build: 1', `0.00 I ${line}`]), 'llama-server (SSE3 AVX2 REPACK)');
  assert.equal(instructions([]), "llama-server, which doesn't say its kernels");
});

const cpuInfo = (flags) => `processor\t: 0\nmodel name\t: X\nflags\t\t: fpu avx ${flags} lm\nbugs\t\t: avx512_bf16\n`;
const AVX512 = 'avx2 fma avx512f avx512dq avx512bw avx512vl';

test('levels are those of the processor, the last one its own', () => {
  const names = (flags) => levels(cpuInfo(flags)).map(({ name }) => name);
  assert.deepEqual(names('avx2 fma avx_vnni'), ['avx2']);
  assert.deepEqual(names(AVX512), ['avx2', 'avx512']);
  assert.deepEqual(names(`${AVX512} avx512_vnni`), ['avx2', 'avx512', 'avx512-vnni']);
  assert.deepEqual(names(`${AVX512} avx512_vnni avx512_bf16`), ['avx2', 'avx512', 'avx512-vnni', 'avx512-bf16']);
  assert.equal(names(`${AVX512} avx512_vnni avx512_bf16 amx_bf16 amx_tile amx_int8`).at(-1), 'amx');
});

test('levels below the processor lower the engine, and AVX2 the JVM too', () => {
  assert.deepEqual(levels(cpuInfo(`${AVX512} avx512_vnni`)), [
    { name: 'avx2', settings: ['weft.inference.instruction-set=avx2'], javaOptions: '-XX:UseAVX=2' },
    { name: 'avx512', settings: ['weft.inference.instruction-set=avx512'], javaOptions: '' },
    { name: 'avx512-vnni', settings: [], javaOptions: '' },
  ]);
});

test('a processor without levels says so', () => {
  assert.throws(() => levels(cpuInfo('sse4_2')), /has not even AVX2/);
  assert.throws(() => levels('Features\t: fp asimd\n'), /has not even AVX2/);
});

test('each level has its own figures of Weft and those of llama.cpp', () => {
  const figures = new Map([
    ...atLevel(new Map([['weft-bf16/base/1', 60]]), 'avx2'),
    ...atLevel(new Map([['weft-bf16/base/1', 90]]), 'amx'),
    ['llama-BF16/base/1', 30],
  ]);
  assert.deepEqual([...figures.keys()].slice(0, 2), ['weft-bf16@avx2/base/1', 'weft-bf16@amx/base/1']);
  const levelled = atLevels(figures);
  assert.deepEqual([...levelled.keys()], ['avx2', 'amx']);
  assert.deepEqual(
    [...levelled.values()].map((ofLevel) => reached(ofLevel)[0].ratio),
    [2, 3],
  );
});

test('figures without levels are one', () => {
  const figures = new Map([
    ['weft-bf16/base/1', 60],
    ['llama-BF16/base/1', 30],
  ]);
  assert.deepEqual([...atLevels(figures)], [['', figures]]);
});

test('a table has a column for each level, and says what computed', () => {
  const figures = new Map([
    ['weft-bf16@avx2/base/1', 24],
    ['weft-bf16@amx/base/1', 90],
    ['llama-BF16/base/1', 30],
  ]);
  const text = tables(figures, new Map([['weft bf16 at avx2', 'vector x8 bf16, avx2']]));
  assert.match(text, /^ {2}weft bf16 at avx2 +vector x8 bf16, avx2$/m);
  assert.match(text, /^ +avx2 +amx$/m);
  assert.match(text, /^ {2}weft-bf16\/base\/1 +24\.0 +90\.0$/m);
  assert.match(text, /^ {2}llama-BF16\/base\/1 +30\.0$/m);
  assert.match(text, /^ {2}one stream, bf16 \/ llama\.cpp BF16 +0\.80- +3\.00 +target 1\.15, 1\.3; - is missed$/m);
});

test("what a worker computes with is in its metrics, an older one's without the instruction set", () => {
  const info = (labels) => `# TYPE weft_engine_kernels_info gauge\nweft_engine_kernels_info{${labels}} 1.0\nx 2\n`;
  assert.equal(
    engineIn(info('engine="cpu",instruction_set="avx2",kernels="vector x8 bf16"')),
    'vector x8 bf16, avx2',
  );
  assert.equal(engineIn(info('engine="cpu",kernels="onednn int8"')), 'onednn int8');
  assert.equal(engineIn('x 2\n'), undefined);
});

test('a run whose answers fail is refused, unless the peer may fail some', () => {
  const errors = { 'connection-lost': { count: 3, example: 'no bytes' } };
  const run = { requests: 64, failed: 3, short_answers: 0, errors };
  assert.throws(() => refuseFailed(run, 0), /3 of 64 answers failed and 0 were short\n3 x connection-lost, e.g. no bytes/);
  assert.throws(() => refuseFailed(run, 0.04));
  assert.throws(() => refuseFailed({ ...run, short_answers: 1 }, 0.2));
  refuseFailed(run, 0.2);
});

test('a warm-up whose answers fail ends a run, unless the peer may fail some', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weft-bench-'));
  try {
    const all = { requests: 64, failed: 0, short_answers: 0, errors: {} };
    const report = JSON.stringify({ runs: [{ warmup_errors: { timeout: { count: 1, example: 'late' } }, all }] });
    const weft = join(folder, 'weft');
    const run = (code, mayFail) => {
      writeFileSync(weft, `#!/bin/sh\nprintf '%s' '${report}' > "$4"\nexit ${code}\n`, { mode: 0o755 });
      return bench(weft, 'http://127.0.0.1:9', [], join(folder, 'run.json'), mayFail);
    };
    await assert.rejects(run(1, 0), /ended with 1/);
    await assert.rejects(run(2, 0.2), /ended with 2/);
    assert.deepEqual((await run(1, 0.2)).all, all);
    assert.deepEqual((await run(0, 0)).all, all);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
