// catalog: do new adapters arrive, and does everybody know.
import { dashboard } from './dashboard.mjs';
import { quantile, series, stat, worseAbove } from './panels.mjs';
import { LIMITS } from './queries.mjs';

const INGEST = 'weft_catalog_ingest_seconds';

const isItFine = [
  stat('Versions ready', {
    description: 'Versions of all adapters that can be asked for.',
    unit: 'none',
    expr: 'max(sum by (instance) (weft_catalog_versions{state=~"(?i)ready"}))',
    width: 4,
  }),
  stat('Being ingested', {
    description: 'Versions that are fetched, checked or stored now.',
    unit: 'none',
    expr: 'sum(weft_catalog_ingest_running)',
    width: 4,
  }),
  stat('Rejected', {
    description: 'Versions that were rejected within the time range. The owner sees the reasons with `weft adapters show`.',
    unit: 'none',
    decimals: 0,
    expr: 'sum(increase(weft_catalog_ingest_versions_total{outcome="rejected"}[$__range]))',
    width: 4,
    sparkline: false,
  }),
  stat('Ingest, p95', {
    description: 'From the start of an ingest to Ready or Rejected, over the time range.',
    unit: 's',
    expr: quantile(0.95, INGEST, 'stage="all"', '', '$__range'),
    width: 4,
  }),
  stat('Feed lag', {
    description: 'Age of the oldest change that a follower has not been sent yet. Meanwhile it serves yesterday\'s catalog.',
    unit: 's',
    expr: 'max(weft_catalog_feed_lag_seconds) or 0 * max(weft_catalog_feed_followers)',
    steps: worseAbove(...LIMITS.feedLagSeconds),
    width: 4,
  }),
  stat('Followers', {
    description: 'Gateways and workers that listen to the feed: as many as run.',
    unit: 'none',
    expr: 'sum(weft_catalog_feed_followers)',
    steps: [],
    width: 4,
  }),
];

const ingest = [
  series('Ingests by outcome', {
    description: 'Versions whose ingest has ended, each minute.',
    unit: 'suffix: /min',
    queries: [
      {
        expr: 'sum by (outcome) (rate(weft_catalog_ingest_versions_total[$__rate_interval])) * 60',
        legend: '{{outcome}}',
      },
    ],
    values: ['ready', 'rejected'],
    width: 8,
  }),
  series('Refusals by code', {
    description: 'Reasons for which versions were rejected: one version may have several. Owners read them with `weft adapters show`.',
    unit: 'suffix: /min',
    queries: [{ expr: 'sum by (code) (rate(weft_catalog_refusals_total[$__rate_interval])) * 60', legend: '{{code}}' }],
    width: 8,
  }),
  series('Versions by state', {
    description: 'Registered to Converting pass; many of them that stay mean that ingest is stuck.',
    unit: 'none',
    queries: [{ expr: 'max by (state) (weft_catalog_versions)', legend: '{{state}}' }],
    width: 8,
    legend: 'table',
  }),
  series('Ingest by stage, p95', {
    description: 'A slow fetch is the source\'s, a slow conversion is ours.',
    unit: 's',
    queries: [{ expr: quantile(0.95, INGEST, 'stage!="all"', 'stage', '$__range'), legend: '{{stage}}' }],
  }),
  series('Ingest by source, p95', {
    description: 'Whole ingests, by where the adapter comes from.',
    unit: 's',
    queries: [{ expr: quantile(0.95, INGEST, 'stage="all"', 'source', '$__range'), legend: '{{source}}' }],
  }),
];

const feed = [
  series('Feed lag by follower', {
    description: 'Seconds that a follower is behind. The alert WeftFeedLag watches it.',
    unit: 's',
    queries: [{ expr: 'max by (follower) (weft_catalog_feed_lag_seconds)', legend: '{{follower}}' }],
    steps: worseAbove(...LIMITS.feedLagSeconds),
    width: 8,
  }),
  series('Events not sent yet', {
    description: 'Changes that a follower has still to hear of.',
    unit: 'none',
    queries: [{ expr: 'max by (follower) (weft_catalog_feed_lag_events)', legend: '{{follower}}' }],
    width: 8,
  }),
  series('Since gateways heard of the feed', {
    description: 'Heartbeats included: it saws up and down at the heartbeat\'s pace and grows if the connection is gone.',
    unit: 's',
    queries: [{ expr: 'max by (instance) (weft_gateway_feed_age_seconds)', legend: '{{instance}}' }],
    steps: worseAbove(30, 60),
    width: 8,
  }),
  series('Place in the feed', {
    description: 'Sequence number of the last event: the catalog\'s own, and what each gateway has taken. They should be one line.',
    unit: 'none',
    queries: [
      { expr: 'max(weft_catalog_feed_sequence)', legend: 'catalog', color: '#9fa7b3', dashed: true },
      { expr: 'max by (instance) (weft_gateway_feed_sequence)', legend: '{{instance}}' },
    ],
    width: 24,
    height: 6,
  }),
];

const rollouts = [
  series('Rollouts', {
    description: 'Running and paused ones. `weft adapters rollouts list` says what each waits for.',
    unit: 'none',
    queries: [{ expr: 'max by (state) (weft_catalog_rollouts)', legend: '{{state}}' }],
    width: 8,
  }),
  series('Moves of rollouts', {
    description: '`returned` says that a new version was taken back, and by which bound.',
    unit: 'none',
    queries: [
      {
        expr: 'sum by (move, bound) (increase(weft_catalog_rollout_moves_total[$__rate_interval]))',
        legend: '{{move}} {{bound}}',
      },
    ],
    width: 8,
  }),
  series('Reports of gateways', {
    description: 'On names that several versions share, and on shadows. Delayed ones are sent again; rollouts wait for them.',
    unit: 'suffix: /min',
    queries: [
      {
        expr: 'sum by (outcome) (rate(weft_gateway_rollout_reports_total[$__rate_interval])) * 60',
        legend: '{{outcome}}',
      },
    ],
    width: 8,
  }),
];

const shadows = [
  series('Shadows', {
    description: 'That run, and how they begin and end; `worse` says that a candidate broke a bound.',
    unit: 'none',
    queries: [
      { expr: 'max(weft_catalog_shadows)', legend: 'running' },
      {
        expr: 'sum by (move) (increase(weft_catalog_shadow_moves_total[$__rate_interval]))',
        legend: '{{move}}',
      },
    ],
    width: 8,
  }),
  series('Requests drawn for shadows', {
    description: 'By what became of their copies. `busy` and `yielded` ones gave way to clients.',
    unit: 'suffix: /min',
    queries: [
      {
        expr: 'sum by (outcome) (rate(weft_gateway_shadow_copies_total[$__rate_interval])) * 60',
        legend: '{{outcome}}',
      },
    ],
    width: 8,
  }),
  series('Tokens of copies', {
    description: 'Of prompts and answers. They are in nobody\'s usage.',
    unit: 'suffix: /s',
    queries: [{ expr: 'sum(rate(weft_gateway_shadow_tokens_total[$__rate_interval]))', legend: 'tokens' }],
    width: 8,
  }),
];

export default dashboard({
  uid: 'weft-catalog',
  title: 'Weft / catalog',
  description: 'Do new adapters arrive, and does everybody hear of them.',
  rows: [{ panels: isItFine }, { title: 'Ingest', panels: ingest }, { title: 'Change feed', panels: feed }, { title: 'Rollouts', panels: rollouts }, { title: 'Shadows', panels: shadows }],
});
