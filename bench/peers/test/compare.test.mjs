import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TARGETS, medians, reached } from '../compare/targets.mjs';

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
  const all = new Map(TARGETS.flatMap(({ figure, others }) => [figure, ...others].map((key) => [key, 1])));
  assert.equal(reached(all).length, TARGETS.length);
});

test("a user's own server counts where it is faster", () => {
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
});
