// worker: what one worker's engine does, and what its adapters cost it.
import { choice, dashboard } from './dashboard.mjs';
import { colour, linkTo, percentiles, quantile, series, stat, table, worseAbove } from './panels.mjs';
import { LIMITS } from './queries.mjs';

const WORKER = 'instance="$worker"';

const rate = (metric, by) => `sum${by ? ` by (${by})` : ''} (rate(${metric}{${WORKER}}[$__rate_interval]))`;

const now = (metric) => `sum(${metric}{${WORKER}})`;

/** A histogram's mean. */
const mean = (histogram) => `${rate(`${histogram}_sum`)} / ${rate(`${histogram}_count`)}`;

const p95 = (histogram, by = '') => quantile(0.95, histogram, WORKER, by);

const isItFine = [
  stat('Tokens out', {
    description: 'Tokens produced each second.',
    unit: 'suffix: tokens/s',
    decimals: 1,
    expr: rate('vllm:generation_tokens_total'),
  }),
  stat('Running', { description: 'Requests that hold a row.', unit: 'none', expr: now('vllm:num_requests_running') }),
  stat('Waiting', {
    description: 'Requests in the queue. It should come back to 0 between bursts.',
    unit: 'none',
    expr: now('vllm:num_requests_waiting'),
    steps: worseAbove(4, 16),
  }),
  stat('KV cache', {
    description: 'Share in use. Near 1 requests wait for blocks or start over.',
    unit: 'percentunit',
    decimals: 0,
    expr: now('vllm:kv_cache_usage_perc'),
    steps: worseAbove(...LIMITS.kvUse),
  }),
  stat('First token, p95', {
    description: 'From a request\'s arrival at this worker.',
    unit: 's',
    decimals: 2,
    expr: p95('vllm:time_to_first_token_seconds'),
    steps: worseAbove(...LIMITS.firstTokenSeconds),
  }),
  stat('Step, p95', {
    description: 'A forward pass, sampling included: every running request waits this long for its next token.',
    unit: 's',
    expr: p95('weft_engine_step_seconds'),
  }),
  stat('Adapters in slots', {
    description: 'Ready to answer at once. More live adapters than slots take turns.',
    unit: 'none',
    expr: `sum(weft_adapter_resident{${WORKER}, tier="slot"})`,
  }),
  stat('Failed loads', {
    description: 'Adapters that could not be made ready within the time range.',
    unit: 'none',
    decimals: 0,
    expr: `sum(increase(weft_adapter_loads_total{${WORKER}, outcome="failed"}[$__range])) or 0 * sum(weft_adapter_resident{${WORKER}})`,
    steps: worseAbove(1, 3),
    sparkline: false,
  }),
];

const requests = [
  series('Running and waiting', {
    description: 'Waiting requests while rows are free: they wait for an adapter or for KV blocks.',
    unit: 'none',
    queries: [
      { expr: now('vllm:num_requests_running'), legend: 'running', color: colour.good },
      { expr: now('vllm:num_requests_waiting'), legend: 'waiting', color: colour.warning },
      { expr: now('weft_tenants_waiting'), legend: 'tenants that wait' },
    ],
    width: 8,
  }),
  series('First token', {
    description: 'From a request\'s arrival at this worker. Dots are single requests: click one for its trace.',
    unit: 's',
    queries: percentiles('vllm:time_to_first_token_seconds', WORKER),
    steps: worseAbove(...LIMITS.firstTokenSeconds),
    width: 8,
  }),
  series('Between tokens', {
    description: 'The time between two tokens of an answer.',
    unit: 's',
    queries: percentiles('vllm:inter_token_latency_seconds', WORKER),
    width: 8,
  }),
  series('Whole answers', {
    description: 'From arrival to the last token.',
    unit: 's',
    queries: percentiles('vllm:e2e_request_latency_seconds', WORKER),
    width: 8,
  }),
  series('Wait for a row', {
    description: 'From arrival to a row, an adapter\'s load included.',
    unit: 's',
    queries: [
      ...percentiles('vllm:request_queue_time_seconds', WORKER),
      { expr: now('weft_longest_wait_seconds'), legend: 'longest now' },
    ],
    width: 8,
  }),
  series('Answers by how they finished', {
    description: 'Answered whole: `stop` by the model, `length` by the limit.',
    unit: 'reqps',
    stack: true,
    queries: [{ expr: rate('vllm:request_success_total', 'finished_reason'), legend: '{{finished_reason}}' }],
    width: 8,
  }),
];

const engine = [
  series('Where a step\'s time goes', {
    description: 'Seconds of each second, by what steps did; the rest of 1 the engine was idle. `lora` is what adapters cost.',
    unit: 'percentunit',
    stack: true,
    queries: [{ expr: rate('weft_engine_phase_seconds_total', 'phase'), legend: '{{phase}}' }],
    values: ['linear', 'lora', 'attention', 'sample', 'other'],
    max: 1,
  }),
  series('Tokens computed', {
    description: 'By steps: prompts being read, answers being written.',
    unit: 'suffix: tokens/s',
    stack: true,
    queries: [{ expr: rate('weft_engine_step_tokens_total', 'kind'), legend: '{{kind}}' }],
    values: ['prefill', 'decode'],
  }),
  series('Step', {
    description: 'A forward pass, sampling included.',
    unit: 's',
    queries: percentiles('weft_engine_step_seconds', WORKER),
    width: 6,
  }),
  series('Guessed tokens', {
    description: 'Tokens that steps guessed and verified, the accepted ones, which need no step of their own, and the guesses that they were in.',
    unit: 'suffix: /s',
    queries: [
      { expr: rate('vllm:spec_decode_num_drafts_total'), legend: 'guesses', color: colour.p50 },
      { expr: rate('vllm:spec_decode_num_draft_tokens_total'), legend: 'tokens guessed', color: colour.base },
      { expr: rate('vllm:spec_decode_num_accepted_tokens_total'), legend: 'tokens accepted', color: colour.good },
    ],
    width: 6,
  }),
  series('Rows per step', {
    description: 'Requests that share a step: more rows, more tokens for nearly the same time.',
    unit: 'none',
    queries: [
      { expr: mean('weft_engine_step_rows'), legend: 'mean', color: colour.p50 },
      { expr: p95('weft_engine_step_rows'), legend: 'p95', color: colour.p95 },
    ],
    width: 6,
  }),
  series('Steps', {
    description: 'All, and those whose rows used more than one adapter.',
    unit: 'suffix: /s',
    queries: [
      { expr: rate('weft_engine_steps_total'), legend: 'all', color: colour.base },
      { expr: rate('weft_engine_steps_mixed_total'), legend: 'mixed', color: colour.adapter },
    ],
    width: 6,
  }),
];

const constrained = [
  series('Constrained answers', {
    description: 'Requests that say what their answers are to be, by kind.',
    unit: 'reqps',
    stack: true,
    queries: [{ expr: rate('weft_constrained_requests_total', 'kind'), legend: '{{kind}}' }],
    width: 8,
  }),
  series('Grammars and masks, p95', {
    description: 'Compiling a grammar that was not kept; a mask, if the unmasked choice was refused.',
    unit: 's',
    queries: [
      { expr: p95('weft_grammar_compile_seconds'), legend: 'compile', color: colour.base },
      { expr: p95('weft_engine_mask_seconds'), legend: 'mask', color: colour.p95 },
    ],
    width: 8,
  }),
  series('Masks, rows that sat out', {
    description: 'Masks made, and steps that rows missed because their mask was late. If many are missed, a grammar is slow.',
    unit: 'suffix: /s',
    queries: [
      { expr: rate('weft_engine_mask_seconds_count'), legend: 'masks', color: colour.base },
      { expr: rate('weft_engine_rows_sat_out_total'), legend: 'sat out', color: colour.bad },
    ],
    width: 8,
  }),
];

const kv = [
  series('KV blocks', {
    description: 'Cached ones hold prefixes that nobody uses now; they give way when blocks are needed.',
    unit: 'none',
    stack: true,
    queries: [
      { expr: `sum by (state) (weft_kv_blocks{${WORKER}})`, legend: '{{state}}' },
    ],
    values: ['used', 'cached', 'free'],
    width: 8,
  }),
  series('Prefix hits', {
    description: 'Of the prompts\' tokens that were looked up, the share found: they need no prefill.',
    unit: 'percentunit',
    max: 1,
    queries: [
      { expr: `${rate('vllm:prefix_cache_hits_total')} / ${rate('vllm:prefix_cache_queries_total')}`, legend: 'found', color: colour.good },
    ],
    width: 8,
  }),
  series('Blocks evicted, requests started over', {
    description: 'Evictions make room and are normal when the cache is full; requests that start over are not.',
    unit: 'suffix: /s',
    queries: [
      { expr: rate('weft_kv_blocks_evicted_total'), legend: 'blocks evicted', color: colour.base },
      { expr: rate('vllm:num_preemptions_total'), legend: 'started over', color: colour.bad },
    ],
    width: 8,
  }),
];

const adapters = [
  series('Adapters by tier', {
    description: 'Adapters on this worker: in a slot, in host memory, on disk.',
    unit: 'none',
    queries: [{ expr: `sum by (tier) (weft_adapter_resident{${WORKER}})`, legend: '{{tier}}' }],
    values: ['slot', 'host', 'disk'],
    width: 8,
  }),
  series('Bytes by tier', {
    description: 'What they take there.',
    unit: 'bytes',
    queries: [{ expr: `sum by (tier) (weft_adapter_memory_bytes{${WORKER}})`, legend: '{{tier}}' }],
    values: ['slot', 'host', 'disk'],
    width: 8,
  }),
  series('Left a tier', {
    description: 'Steady evictions from slots: more adapters are asked for than there are slots.',
    unit: 'suffix: /s',
    queries: [{ expr: rate('weft_adapter_evictions_total', 'tier'), legend: '{{tier}}' }],
    values: ['slot', 'host', 'disk'],
    width: 8,
  }),
  series('Loads', {
    description: 'Made ready from files, brought back from host memory, failed.',
    unit: 'suffix: /s',
    queries: [
      { expr: `sum by (outcome) (rate(weft_adapter_loads_total{${WORKER}}[$__rate_interval]))`, legend: '{{outcome}}' },
      { expr: rate('weft_adapter_reloads_total'), legend: 'from host', color: 'yellow' },
      { expr: `sum(rate(weft_adapter_ahead_total{${WORKER}, outcome="loaded"}[$__rate_interval]))`, legend: 'ahead of requests' },
    ],
    values: ['ok', 'failed'],
    width: 8,
  }),
  series('Loads by stage, p95', {
    description: 'A slow fetch is the network\'s or the catalog\'s, a slow read the disk\'s, a slow load the engine\'s.',
    unit: 's',
    queries: [{ expr: quantile(0.95, 'weft_adapter_load_seconds', WORKER, 'stage', '$__range'), legend: '{{stage}}' }],
    width: 8,
  }),
  series('Wait for a row by adapter, p95', {
    description: 'The ten that wait longest. Click one to open the adapter.',
    unit: 's',
    queries: [{ expr: `topk(10, ${p95('weft_adapter_queue_seconds', 'weft_adapter')})`, legend: '{{weft_adapter}}' }],
    links: [linkTo('Open the adapter', 'weft-adapter', 'var-adapter=${__field.labels.weft_adapter}')],
    width: 8,
  }),
];

const details = [
  table('Running and waiting adapters', {
    description: 'As inference gateways see them: adapters by name, and when that last changed.',
    labels: { running_lora_adapters: 'Running', waiting_lora_adapters: 'Waiting', max_lora: 'Slots' },
    columns: [
      {
        name: 'Changed',
        unit: 'dateTimeFromNow',
        expr: `max by (running_lora_adapters, waiting_lora_adapters, max_lora) (vllm:lora_requests_info{${WORKER}}) * 1000`,
      },
    ],
    height: 8,
  }),
  table('Loaded adapters', {
    description: 'Adapters in slots (gpu) and in host memory (cpu), and the workers that hold them.',
    labels: { adapter_name: 'Adapter', level: 'Level', rank: 'Rank', pinned: 'Pinned' },
    columns: [{ name: 'Workers', unit: 'none', expr: `sum by (adapter_name, level, rank, pinned) (vllm:lora_adapter_loaded{${WORKER}})` }],
    height: 8,
  }),
  series('Slots', {
    description: 'Adapters in slots, and all slots, of all workers.',
    unit: 'none',
    queries: [
      { expr: `sum(vllm:num_gpu_loaded_lora_adapters{${WORKER}})`, legend: 'taken' },
      { expr: `sum(vllm:max_gpu_lora_adapters{${WORKER}})`, legend: 'all' },
    ],
    width: 8,
  }),
  table('KV cache configuration', {
    description: 'The blocks of the KV cache, wherever they lie.',
    labels: { num_gpu_blocks: 'Blocks', block_size: 'Tokens in a block' },
    columns: [{ name: 'Workers', unit: 'none', expr: `count by (block_size, num_gpu_blocks) (vllm:cache_config_info{${WORKER}})` }],
    height: 8,
  }),
  table('Kernels', {
    description: 'What the engine\'s linear layers run on.',
    labels: { engine: 'Engine', kernels: 'Kernels', instruction_set: 'Instruction set' },
    columns: [{ name: 'Workers', unit: 'none', expr: `count by (engine, kernels, instruction_set) (weft_engine_kernels_info{${WORKER}})` }],
    height: 8,
  }),
  series('Speed of compiled kernels', {
    description: 'Part of a core\'s peak that they reached at start, 16 rows at once. Below a third the JVM\'s compiler has made slow code: restart the worker.',
    unit: 'percentunit',
    queries: [{ expr: now('weft_engine_kernels_of_peak'), legend: 'of peak', color: colour.base }],
  }),
  series('Prompts and answers', {
    description: 'Tokens as requests have them: prompts prefilled, tokens produced.',
    unit: 'suffix: tokens/s',
    queries: [
      { expr: rate('vllm:prompt_tokens_total'), legend: 'input', color: 'purple' },
      { expr: rate('vllm:generation_tokens_total'), legend: 'output', color: 'blue' },
    ],
  }),
  series('Engine stalled', {
    description: 'For how long it has made no step although it has requests; gateways take them away. Beside it how often that was so within 10 minutes.',
    unit: 's',
    queries: [
      { expr: `max(weft_engine_stalled_seconds{${WORKER}})`, legend: 'stalled', color: 'red' },
      { expr: `sum(increase(weft_engine_stalls_total{${WORKER}}[10m]))`, legend: 'times' },
    ],
  }),
  series('CPU of idle threads', {
    description: 'Cores that the engine\'s threads take while no step runs. It should be near 0.',
    unit: 'suffix: cores',
    queries: [{ expr: rate('weft_engine_idle_cpu_seconds_total'), legend: 'idle', color: colour.base }],
  }),
];

export default dashboard({
  uid: 'weft-worker',
  title: 'Weft / worker',
  description: 'One worker: its requests, what its engine does, its KV cache and its adapters.',
  variables: [choice('worker', 'Worker', 'weft_adapter_resident', 'instance')],
  rows: [
    { panels: isItFine },
    { title: 'Requests', panels: requests },
    { title: 'Engine', panels: engine },
    { title: 'Constrained answers', panels: constrained },
    { title: 'KV cache', panels: kv },
    { title: 'Adapters', panels: adapters },
    { title: 'Details', panels: details, collapsed: true },
  ],
});
