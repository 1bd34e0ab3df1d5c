// fleet: is it fine, who is it, why is it.
import { dashboard } from './dashboard.mjs';
import { linkTo, percentiles, quantile, series, stat, table, worseAbove } from './panels.mjs';
import { FAILED, FIRST_TOKEN, LIMITS, OUTCOMES, PER_TOKEN, REQUESTS, TOKENS, WORKERS, failedShare } from './queries.mjs';

const perSecond = (metric, by, matchers = '') =>
  `sum by (${by}) (rate(${metric}${matchers && `{${matchers}}`}[$__rate_interval]))`;

const isItFine = [
  stat('Alerts', {
    description: 'Alerts of grafana/alerts that fire now. "rules not loaded" means that Prometheus has not been given them.',
    unit: 'none',
    expr:
      'count(ALERTS{alertname=~"Weft.+", alertstate="firing"}) or 0 * max(weft:alert_rules:loaded)',
    steps: worseAbove(1, 3),
    noValue: 'rules not loaded',
    links: [{ title: 'Alerts', url: '/alerting/list?search=Weft' }],
  }),
  stat('Requests', {
    description: 'Requests answered each second, whatever the answer.',
    unit: 'reqps',
    expr: `sum(rate(${REQUESTS}_count[$__rate_interval]))`,
  }),
  stat('Failed', {
    description: 'Share of requests that failed through no fault of the client. Below: which adapters, which workers.',
    unit: 'percentunit',
    decimals: 1,
    expr: failedShare(),
    steps: worseAbove(...LIMITS.failedShare),
  }),
  stat('First token, p95', {
    description: 'Nineteen of twenty streams began within this time.',
    unit: 's',
    decimals: 2,
    expr: quantile(0.95, FIRST_TOKEN),
    steps: worseAbove(...LIMITS.firstTokenSeconds),
  }),
  stat('In flight', {
    description: 'Requests that gateways are answering now.',
    unit: 'none',
    expr: 'sum(weft_gateway_requests_in_flight)',
  }),
  stat('Waiting', {
    description: 'Requests in the queues of all workers. It should come back to 0 between bursts.',
    unit: 'none',
    expr: `sum(vllm:num_requests_waiting{${WORKERS}})`,
    steps: worseAbove(8, 32),
  }),
  stat('Fullest KV cache', {
    description: 'Use of the KV cache at the worker where it is highest. A full one makes requests wait or start over.',
    unit: 'percentunit',
    decimals: 0,
    expr: `max(vllm:kv_cache_usage_perc{${WORKERS}})`,
    steps: worseAbove(...LIMITS.kvUse),
  }),
  stat('Workers not ready', {
    description: 'Workers that a gateway knows and sends nothing to: draining, not ready or gone.',
    unit: 'none',
    expr: 'max(sum by (instance) (weft_gateway_workers{state!="ready"}))',
    steps: worseAbove(1, 2),
  }),
];

const who = [
  table('Adapters', {
    description: 'Over the time range. `other` are those above the cap on names, `unknown` are models that nobody has.',
    labels: { weft_adapter: 'Adapter' },
    link: linkTo('Open the adapter', 'weft-adapter', 'var-adapter=${__value.raw}'),
    columns: [
      { name: 'Requests', unit: 'reqps', decimals: 2, expr: `sum by (weft_adapter) (rate(${REQUESTS}_count[$__range]))` },
      {
        name: 'Failed',
        unit: 'percentunit',
        decimals: 1,
        expr: failedShare('', 'weft_adapter', '$__range'),
        steps: worseAbove(...LIMITS.failedShare),
      },
      {
        name: 'First token, p95',
        unit: 's',
        expr: quantile(0.95, FIRST_TOKEN, '', 'weft_adapter', '$__range'),
        steps: worseAbove(...LIMITS.firstTokenSeconds),
      },
      {
        name: 'Tokens out',
        unit: 'suffix: tokens/s',
        decimals: 1,
        expr: `sum by (weft_adapter) (rate(${TOKENS}_sum{gen_ai_token_type="output"}[$__range]))`,
      },
    ],
  }),
  table('Workers', {
    description: 'As they are now. Click a worker for what its engine does.',
    labels: { instance: 'Worker' },
    link: linkTo('Open the worker', 'weft-worker', 'var-worker=${__value.raw}'),
    columns: [
      { name: 'Waiting', unit: 'none', expr: `sum by (instance) (vllm:num_requests_waiting{${WORKERS}})`, steps: worseAbove(4, 16) },
      { name: 'Running', unit: 'none', expr: `sum by (instance) (vllm:num_requests_running{${WORKERS}})` },
      {
        name: 'KV cache',
        unit: 'percentunit',
        decimals: 0,
        expr: `max by (instance) (vllm:kv_cache_usage_perc{${WORKERS}})`,
        steps: worseAbove(...LIMITS.kvUse),
      },
      {
        name: 'Tokens out',
        unit: 'suffix: tokens/s',
        decimals: 1,
        expr: `sum by (instance) (rate(vllm:generation_tokens_total{${WORKERS}}[$__rate_interval]))`,
      },
    ],
  }),
  series('Requests by outcome', {
    description: 'Refused and cancelled are the client\'s doing; orange to red is ours.',
    unit: 'reqps',
    stack: true,
    queries: [{ expr: perSecond(`${REQUESTS}_count`, 'weft_outcome'), legend: '{{weft_outcome}}' }],
    values: OUTCOMES,
  }),
  series('Failed requests by adapter', {
    description: 'The ten adapters with the most failures. One adapter: look at it. All: look at the workers.',
    unit: 'reqps',
    queries: [
      { expr: `topk(10, sum by (weft_adapter) (rate(${REQUESTS}_count{${FAILED}}[$__rate_interval])))`, legend: '{{weft_adapter}}' },
    ],
    links: [linkTo('Open the adapter', 'weft-adapter', 'var-adapter=${__field.labels.weft_adapter}')],
  }),
];

const howFast = [
  series('First token', {
    description: 'From a request\'s first byte to the first event of its stream. Dots are single requests: click one for its trace.',
    unit: 's',
    queries: percentiles(FIRST_TOKEN),
    steps: worseAbove(...LIMITS.firstTokenSeconds),
    width: 8,
  }),
  series('Time per output token', {
    description: 'What a reader feels while an answer is written.',
    unit: 's',
    queries: percentiles(PER_TOKEN),
    width: 8,
  }),
  series('Tokens', {
    description: 'As clients were told in the usage of their answers.',
    unit: 'suffix: tokens/s',
    queries: [{ expr: perSecond(`${TOKENS}_sum`, 'gen_ai_token_type'), legend: '{{gen_ai_token_type}}' }],
    values: ['input', 'output'],
    width: 8,
  }),
];

const why = [
  series('Refused before a worker was asked', {
    description: '`no_worker`, `overloaded` and what ends in `unavailable` are ours; the others are the client\'s.',
    unit: 'reqps',
    queries: [{ expr: perSecond('weft_gateway_refusals_total', 'reason'), legend: '{{reason}}' }],
    width: 8,
  }),
  series('Made again at another worker', {
    description: 'Attempts that failed before the first byte, and ones beside another that was late to begin. Clients do not notice, but a worker is in trouble.',
    unit: 'reqps',
    queries: [
      { expr: perSecond('weft_gateway_retries_total', 'reason'), legend: '{{reason}}' },
      { expr: 'sum(rate(weft_gateway_retries_refused_total[$__rate_interval]))', legend: 'not made: too many' },
      { expr: perSecond('weft_gateway_hedges_total', 'outcome'), legend: 'beside a first one: {{outcome}}' },
    ],
    width: 8,
  }),
  series('Refused by limits of keys', {
    description: 'By tenant and limit. Much of one: its keys want more, or a program of theirs runs wild.',
    unit: 'reqps',
    queries: [{ expr: perSecond('weft_gateway_limited_total', 'tenant, reason'), legend: '{{tenant}}: {{reason}}' }],
    width: 8,
  }),
  series('Limits decided by', {
    description: 'Requests of keys with limits if gateways share them: by Redis, or by each gateway\'s estimate while Redis is away or slow.',
    unit: 'reqps',
    queries: [{ expr: perSecond('weft_gateway_limits_decisions_total', 'by'), legend: '{{by}}' }],
    values: ['redis', 'estimate'],
    width: 8,
  }),
  series('Gateways that share limits', {
    description: 'As each last saw them in Redis, and those for which Redis answers in time. It should be all.',
    unit: 'none',
    queries: [
      { expr: 'max(weft_gateway_limits_gateways)', legend: 'seen' },
      { expr: 'sum(weft_gateway_limits_connected)', legend: 'connected' },
    ],
    width: 8,
  }),
  series('Usage handed to the catalog', {
    description:
      'Batches of counts each second: taken, or delayed while the catalog does not take them. Refused ones are lost.',
    unit: 'suffix: batches/s',
    queries: [{ expr: perSecond('weft_gateway_usage_batches_total', 'outcome'), legend: '{{outcome}}' }],
    width: 8,
  }),
  series('Usage not handed over yet', {
    description: 'Subjects (a key, a version, a day) whose counts wait at gateways. It grows while the catalog is away.',
    unit: 'none',
    queries: [{ expr: 'sum by (instance) (weft_gateway_usage_waiting)', legend: '{{instance}}' }],
    width: 8,
  }),
  series('Waiting at gateways', {
    description: 'Requests for which no worker has room, by base. It should come back to 0 between bursts; else add a worker.',
    unit: 'none',
    queries: [{ expr: 'sum by (base) (weft_gateway_waiting)', legend: '{{base}}' }],
    width: 8,
  }),
  series('Bodies that wait at gateways', {
    description: 'Of these requests. `weft.gateway.queue.max-bytes` bounds it for each gateway and base.',
    unit: 'bytes',
    queries: [{ expr: 'sum by (base) (weft_gateway_waiting_size_bytes)', legend: '{{base}}' }],
    width: 8,
  }),
  series('Shed by gateways', {
    description: '`share` is a tenant that sends far more than others (429). The rest is ours (503): add a worker.',
    unit: 'reqps',
    queries: [{ expr: perSecond('weft_gateway_shed_total', 'base, reason'), legend: '{{base}}: {{reason}}' }],
    width: 8,
  }),
  series('Waited in the gateway, p95', {
    description: 'Before a worker was asked, by what was waited for: the body, the key\'s owner, a new adapter, room at a worker, a second worker.',
    unit: 's',
    queries: [{ expr: quantile(0.95, 'weft_gateway_queue_seconds', '', 'reason'), legend: '{{reason}}' }],
    width: 8,
  }),
  series('Why a worker was chosen', {
    description: 'What set the chosen worker apart. Much residency is good: adapters are where they are asked for.',
    unit: 'reqps',
    stack: true,
    queries: [{ expr: perSecond('weft_gateway_routing_decisions_total', 'reason'), legend: '{{reason}}' }],
    width: 8,
  }),
  series('Scores of chosen workers', {
    description: 'Means, 0 to 1. Residency below 0.8: adapters are evicted for others, more slots or workers help.',
    unit: 'none',
    queries: [
      {
        expr: 'sum by (scorer) (rate(weft_gateway_routing_scores_sum[$__rate_interval])) / sum by (scorer) (rate(weft_gateway_routing_scores_count[$__rate_interval]))',
        legend: '{{scorer}}',
      },
    ],
    width: 8,
  }),
  series('Workers kept from requests', {
    description: 'Requests failed there one after the other, though probes are good. Each time for longer; see the worker\'s log.',
    unit: 'none',
    queries: [{ expr: 'sum by (worker) (increase(weft_gateway_worker_ejections_total[$__rate_interval]))', legend: '{{worker}}' }],
    width: 8,
  }),
  series('Age of workers\' states', {
    description: 'Workers tell their state each second; above 3 s one counts as full.',
    unit: 's',
    queries: [{ expr: 'max by (worker) (weft_gateway_worker_state_age_seconds)', legend: '{{worker}}' }],
    width: 8,
  }),
  series('Workers by state', {
    description: 'As the gateways see them; the largest count if they disagree.',
    unit: 'none',
    stack: true,
    queries: [{ expr: 'max by (state) (weft_gateway_workers)', legend: '{{state}}' }],
    values: ['ready', 'draining', 'unready'],
    width: 8,
  }),
  series('Workers by source', {
    description: 'That each source told last; the smallest count if gateways disagree. Left out: found beyond weft.gateway.discovery.max-workers.',
    unit: 'none',
    queries: [
      { expr: 'min by (source) (weft_gateway_discovery_workers)', legend: '{{source}}' },
      { expr: 'max(weft_gateway_discovery_left_out)', legend: 'left out', color: '#9fa7b3' },
    ],
    width: 8,
  }),
  series('Sources of workers that failed', {
    description: 'Times a second that DNS, Kubernetes or the catalog could not be asked for workers. Those that were known stay.',
    unit: 'none',
    queries: [{ expr: perSecond('weft_gateway_discovery_failures_total', 'source'), legend: '{{source}}' }],
    width: 8,
  }),
  series('Age of the list of workers', {
    description: 'Since a source last answered completely.',
    unit: 's',
    queries: [{ expr: 'max by (source) (weft_gateway_discovery_age_seconds{source!="fixed"})', legend: '{{source}}' }],
    width: 8,
  }),
  series('Adapters with a name in metrics', {
    description: 'Above weft.metrics.max-adapters the busiest keep their name, the rest share `other`.',
    unit: 'none',
    queries: [
      { expr: 'max(weft_gateway_adapters_labelled)', legend: 'own name', color: 'blue' },
      { expr: 'max(weft_gateway_adapters_sharing_other)', legend: 'other', color: '#9fa7b3' },
    ],
    width: 8,
  }),
  series('Spans of traces', {
    description: 'Failed: the collector cannot be reached or refuses them. Dropped: it is too slow. Requests do not notice either.',
    unit: 'suffix: spans/s',
    queries: [{ expr: perSecond('weft_spans_total', 'outcome'), legend: '{{outcome}}' }],
    values: ['sent', 'failed', 'dropped'],
    width: 8,
  }),
  series('Background loops that failed', {
    description: 'Turns that failed with something unexpected. Each loop goes on by itself; a service\'s log says what it was.',
    unit: 'suffix: turns/s',
    queries: [{ expr: perSecond('weft_loop_failures_total', 'loop'), legend: '{{loop}}' }],
    width: 8,
  }),
  series('Background loops overdue', {
    description: 'For how long a turn has been due or under way without a sign; the longest of all services.',
    unit: 's',
    queries: [{ expr: 'max by (loop) (weft_loop_last_turn_seconds)', legend: '{{loop}}' }],
    width: 8,
  }),
  series('Memory of requests', {
    description: 'Of what an instance gives to requests, how much they hold; at 100 % it refuses the next with 503.',
    unit: 'percentunit',
    queries: [
      {
        expr: 'sum by (instance) (weft_request_memory_bytes{state="used"}) / sum by (instance) (weft_request_memory_bytes)',
        legend: '{{instance}}',
      },
    ],
    width: 8,
  }),
];

export default dashboard({
  uid: 'weft-fleet',
  title: 'Weft / fleet',
  description: 'Is it fine, who is it, why is it: all gateways, workers and adapters at a glance.',
  rows: [
    { panels: isItFine },
    { title: 'Who', panels: who },
    { title: 'How fast', panels: howFast },
    { title: 'Why', panels: why },
  ],
});
