// adapter: one adapter, all its versions and workers, against the base.
import { choice, dashboard } from './dashboard.mjs';
import { colour, linkTo, percentiles, quantile, series, stat, table, worseAbove } from './panels.mjs';
import {
  FIRST_TOKEN, LIMITS, OUTCOMES, PER_TOKEN, REQUESTS, TOKENS, VERSION_FIRST_TOKEN, VERSION_PER_TOKEN, VERSION_REQUESTS, failedShare,
} from './queries.mjs';

const ADAPTER = 'weft_adapter="$adapter"';
const BASE = 'weft_adapter="$base"';
const QUEUE = 'weft_adapter_queue_seconds';

const toWorker = linkTo('Open the worker', 'weft-worker', 'var-worker=${__field.labels.instance}');

/** The adapter's percentiles with the base's 95th as the line to hold them against. */
const againstBase = (histogram) => [
  ...percentiles(histogram, ADAPTER),
  { expr: quantile(0.95, histogram, BASE), legend: 'base p95', color: colour.base, dashed: true },
];

const isItFine = [
  stat('Requests', {
    description: 'Requests that named this adapter, whatever their answer.',
    unit: 'reqps',
    expr: `sum(rate(${REQUESTS}_count{${ADAPTER}}[$__rate_interval]))`,
    width: 4,
  }),
  stat('Failed', {
    description: 'Share of its requests that failed through no fault of the client.',
    unit: 'percentunit',
    decimals: 1,
    expr: failedShare(ADAPTER),
    steps: worseAbove(...LIMITS.failedShare),
    width: 4,
  }),
  stat('First token, p95', {
    description: 'Nineteen of twenty of its streams began within this time.',
    unit: 's',
    decimals: 2,
    expr: quantile(0.95, FIRST_TOKEN, ADAPTER),
    steps: worseAbove(...LIMITS.firstTokenSeconds),
    width: 4,
  }),
  stat('Wait for a row, p95', {
    description: 'At the workers, the adapter\'s load included. High with short queues means that it is loaded again and again.',
    unit: 's',
    decimals: 2,
    expr: quantile(0.95, QUEUE, ADAPTER),
    steps: worseAbove(0.5, 2),
    width: 4,
  }),
  stat('Share of tokens', {
    description: 'Of all tokens that the fleet produces, the part that this adapter asks for.',
    unit: 'percentunit',
    decimals: 1,
    expr:
      `sum(rate(${TOKENS}_sum{${ADAPTER}, gen_ai_token_type="output"}[$__rate_interval]))` +
      ` / sum(rate(${TOKENS}_sum{gen_ai_token_type="output"}[$__rate_interval]))`,
    width: 4,
  }),
  stat('Memory', {
    description: 'What it takes in slots and host memory of all workers.',
    unit: 'bytes',
    expr: `sum(weft_adapter_bytes{${ADAPTER}, tier=~"slot|host"}) or 0 * sum(${REQUESTS}_count{${ADAPTER}})`,
    width: 4,
  }),
];

const howMuch = [
  series('Requests by outcome', {
    description: 'Refused and cancelled are the client\'s doing; orange to red is ours.',
    unit: 'reqps',
    stack: true,
    queries: [
      { expr: `sum by (weft_outcome) (rate(${REQUESTS}_count{${ADAPTER}}[$__rate_interval]))`, legend: '{{weft_outcome}}' },
    ],
    values: OUTCOMES,
    width: 8,
  }),
  series('Errors by type', {
    description: 'What went wrong, by the code that clients were told.',
    unit: 'reqps',
    queries: [
      { expr: `sum by (error_type) (rate(${REQUESTS}_count{${ADAPTER}, weft_outcome!="ok"}[$__rate_interval]))`, legend: '{{error_type}}' },
    ],
    width: 8,
  }),
  series('Tokens', {
    description: 'As its clients were told in the usage of their answers.',
    unit: 'suffix: tokens/s',
    queries: [
      { expr: `sum by (gen_ai_token_type) (rate(${TOKENS}_sum{${ADAPTER}}[$__rate_interval]))`, legend: '{{gen_ai_token_type}}' },
    ],
    values: ['input', 'output'],
    width: 8,
  }),
];

const howFast = [
  series('First token', {
    description: 'Far above the base: it waits for a slot or is loaded. As slow as the base: the workers are busy.',
    unit: 's',
    queries: againstBase(FIRST_TOKEN),
    steps: worseAbove(...LIMITS.firstTokenSeconds),
    width: 8,
  }),
  series('Time per output token', {
    description: 'Adapters of a high rank on many modules cost more than the base; the gap should be small.',
    unit: 's',
    queries: againstBase(PER_TOKEN),
    width: 8,
  }),
  series('Whole answer', {
    description: 'Grows with the length of answers too: compare it with the tokens above.',
    unit: 's',
    queries: againstBase(REQUESTS),
    width: 8,
  }),
];

/** A percentile of each version with the base's as the line to hold them against. */
const versionsAgainstBase = (ofVersions, ofBase) => [
  { expr: quantile(0.95, ofVersions, ADAPTER, 'weft_version'), legend: '{{weft_version}}' },
  { expr: quantile(0.95, ofBase, BASE), legend: 'base', color: colour.base, dashed: true },
];

const versions = [
  series('Requests by version', {
    description: 'By the number in the catalog, whatever name led to it. Two at once: an alias divides requests, or clients pin one.',
    unit: 'reqps',
    stack: true,
    queries: [
      { expr: `sum by (weft_version) (rate(${VERSION_REQUESTS}{${ADAPTER}}[$__rate_interval]))`, legend: '{{weft_version}}' },
    ],
    width: 6,
  }),
  series('Failed by version', {
    description: 'A new version far above the one before: take the name back with ./weft adapters rollback.',
    unit: 'percentunit',
    queries: [
      { expr: failedShare(ADAPTER, 'weft_version', '$__rate_interval', VERSION_REQUESTS), legend: '{{weft_version}}' },
    ],
    steps: worseAbove(...LIMITS.failedShare),
    width: 6,
  }),
  series('First token by version, p95', {
    description: 'A version that few ask for may wait for its load while others lie in a slot.',
    unit: 's',
    queries: versionsAgainstBase(VERSION_FIRST_TOKEN, FIRST_TOKEN),
    steps: worseAbove(...LIMITS.firstTokenSeconds),
    width: 6,
  }),
  series('Time per output token by version, p95', {
    description: 'A version with a higher rank or more modules costs more.',
    unit: 's',
    queries: versionsAgainstBase(VERSION_PER_TOKEN, PER_TOKEN),
    width: 6,
  }),
];

const workers = [
  table('Where it lies', {
    description: 'Bytes on each worker. In a slot it answers at once, from host memory in milliseconds, from disk it is read first.',
    labels: { instance: 'Worker' },
    link: linkTo('Open the worker', 'weft-worker', 'var-worker=${__value.raw}'),
    columns: ['slot', 'host', 'disk'].map((tier) => ({
      name: { slot: 'Slot', host: 'Host memory', disk: 'Disk' }[tier],
      unit: 'bytes',
      expr: `sum by (instance) (weft_adapter_bytes{${ADAPTER}, tier="${tier}"})`,
    })),
    width: 8,
  }),
  series('Bytes by tier', {
    description: 'On all workers. A saw between slot and host means that it is evicted and brought back.',
    unit: 'bytes',
    stack: true,
    queries: [{ expr: `sum by (tier) (weft_adapter_bytes{${ADAPTER}})`, legend: '{{tier}}' }],
    values: ['slot', 'host', 'disk'],
    width: 8,
    height: 9,
  }),
  series('Wait for a row by worker, p95', {
    description: 'From arrival at the worker, the adapter\'s load included.',
    unit: 's',
    queries: [{ expr: quantile(0.95, QUEUE, ADAPTER, 'instance'), legend: '{{instance}}' }],
    links: [toWorker],
    width: 8,
    height: 9,
  }),
];

export default dashboard({
  uid: 'weft-adapter',
  title: 'Weft / adapter',
  description: 'One adapter, all its versions and workers, against the base (grey).',
  variables: [
    choice('adapter', 'Adapter', `${REQUESTS}_count`, 'weft_adapter'),
    choice('base', 'Against', `${REQUESTS}_count`, 'gen_ai_request_model', { description: 'The base, as the line to compare with.' }),
  ],
  rows: [
    { panels: isItFine },
    { title: 'How much', panels: howMuch },
    { title: 'How fast, against the base', panels: howFast },
    { title: 'Versions', panels: versions },
    { title: 'Workers', panels: workers },
  ],
});
