import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inOrderOfSequences } from '../engine/batching.mjs';
import { runClosedLoop } from '../load/closed-loop.mjs';
import { figures, latencies } from '../load/figures.mjs';
import { prompts } from '../load/prompts.mjs';

test('figures are tokens over the wall time and times by the clock of the asker', () => {
  const answers = [
    { promptTokens: 45, begun: 0, tokens: [100, 110, 130], ended: 131 },
    { promptTokens: 45, begun: 50, tokens: [200, 220, 250], ended: 250 },
  ];
  const found = figures(answers, 500);
  assert.equal(found.tokens_per_s, 12);
  assert.equal(found.prompt_tokens_per_s, 180);
  assert.deepEqual([found.ttft_ms.min, found.ttft_ms.max], [100, 150]);
  assert.deepEqual(
    [found.inter_token_ms.count, found.inter_token_ms.mean, found.inter_token_ms.p50],
    [4, 20, 20],
  );
  assert.equal(found.end_to_end_ms.max, 200);
});

test('percentiles are times that were seen', () => {
  const hundred = latencies(Array.from({ length: 100 }, (_, i) => 100 - i));
  assert.deepEqual([hundred.p50, hundred.p90, hundred.p99, hundred.max], [50, 90, 99, 100]);
  assert.equal(latencies([]), null);
});

test('prompts have their length, differ from the first token on and come again with the seed', () => {
  const promptOf = prompts(45, 1280, 7);
  const all = Array.from({ length: 50 }, (_, i) => promptOf(i));
  assert.ok(
    all.every(
      (prompt) =>
        prompt.length === 45 && prompt.every((id) => Number.isInteger(id) && id >= 259 && id < 1280),
    ),
  );
  assert.equal(new Set(all.map(String)).size, 50);
  assert.ok(new Set(all.map(([first]) => first)).size > 40);
  assert.deepEqual(prompts(45, 1280, 7)(3), all[3]);
  assert.notDeepEqual(prompts(45, 1280, 8)(3), all[3]);
});

test('each stream asks again when its answer is over, and every request is sent once', async () => {
  const asked = [];
  let underWay = 0;
  let most = 0;
  const run = await runClosedLoop(
    { streams: 3, requests: 8, outputTokens: 2 },
    (i) => [i],
    async (stream, prompt, onToken) => {
      asked.push(prompt[0]);
      most = Math.max(most, ++underWay);
      await null;
      onToken();
      onToken();
      underWay--;
    },
  );
  assert.deepEqual(
    asked.toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
  assert.equal(most, 3);
  assert.deepEqual([run.all.requests, run.all.output_tokens], [8, 16]);
});

test('an answer that ends early fails the run', async () => {
  const short = runClosedLoop(
    { streams: 1, requests: 1, outputTokens: 2 },
    () => [1],
    async (stream, prompt, onToken) => onToken(),
  );
  await assert.rejects(short, /1 tokens, 2 were asked for/);
});

test('a batch has its sequences in order, and room for all of them', () => {
  const item = (number, count) => ({
    tokens: Array.from({ length: count }, () => 1),
    evaluationPriority: number,
  });
  const amounts = (items, size) =>
    inOrderOfSequences({ items, size }).map((each) => [each.item.evaluationPriority, each.processAmount]);
  assert.deepEqual(amounts([item(2, 1), item(0, 1), item(1, 1)], 512), [
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
  assert.deepEqual(amounts([item(1, 45), item(0, 1)], 16), [
    [0, 1],
    [1, 15],
  ]);
  assert.deepEqual(amounts([item(2, 9), item(1, 9), item(0, 9)], 10), [
    [0, 4],
    [1, 3],
    [2, 3],
  ]);
  assert.deepEqual(amounts([item(2, 1), item(1, 1), item(0, 1)], 2), [
    [0, 1],
    [1, 1],
  ]);
});
