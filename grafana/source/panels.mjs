// The panels that all dashboards are made of: one look, one set of colours, one place for what Grafana wants around a query.
// Plain JavaScript without packages; the test `DashboardSchemaTest` holds the JSON against Grafana's types.

/** What stands for what, on every dashboard. */
export const colour = {
  good: 'green',
  warning: 'orange',
  bad: 'red',
  base: '#9fa7b3',
  adapter: 'blue',
  p50: 'super-light-blue',
  p95: 'blue',
  p99: 'purple',
};

/** Fixed colours of label values, so that a thing has one colour wherever it is drawn. */
const colourOf = {
  ok: 'green', sent: 'green', dropped: 'orange', ready: 'green', slot: 'green', free: '#5a6470', linear: 'blue', decode: 'blue', output: 'blue',
  refused: 'yellow', draining: 'yellow', host: 'yellow', cached: 'yellow', lora: 'orange', prefill: 'purple', input: 'purple',
  expired: 'light-yellow', cancelled: '#9fa7b3', other: '#9fa7b3', disk: '#9fa7b3', attention: 'purple', sample: 'green', used: 'blue',
  redis: 'green', estimate: 'orange',
  unavailable: 'orange', timed_out: 'dark-orange', failed: 'red', rejected: 'red', unready: 'red', broken: 'dark-red',
};

/** Grafana draws all lines of a fixed colour that is not said alike. */
function colourOfValue(value) {
  if (!(value in colourOf)) throw new Error(`no colour for ${value}`);
  return colourOf[value];
}

export const datasource = { type: 'prometheus', uid: '${datasource}' };

/** Steps of [value, colour]; below the first everything is good. */
const thresholds = (steps = []) => ({
  mode: 'absolute',
  steps: [{ value: null, color: steps.length ? colour.good : 'text' }, ...steps.map(([value, color]) => ({ value, color }))],
});

/** From good to bad as a value grows. */
export const worseAbove = (warning, bad) => [[warning, colour.warning], [bad, colour.bad]];

const refId = (index) => String.fromCharCode('A'.charCodeAt(0) + index);

const target = (query, index) => ({
  datasource,
  refId: refId(index),
  expr: query.expr,
  legendFormat: query.legend ?? '__auto',
  range: true,
  exemplar: query.exemplar ?? false,
});

const instantTarget = (query, index) => ({
  datasource,
  refId: refId(index),
  expr: query.expr,
  format: 'table',
  instant: true,
  range: false,
});

const fixed = (color) => ({ id: 'color', value: { mode: 'fixed', fixedColor: color } });

const named = (name, ...properties) => ({ matcher: { id: 'byName', options: name }, properties });

/** A quotient of no requests is not a number; say so instead. */
const nothingAsked = [{ type: 'special', options: { match: 'nan', result: { text: 'no requests', color: 'text' } } }];

/** A link to another dashboard that keeps the time range and the data source. */
export const linkTo = (title, uid, variables) => ({
  title,
  url: `/d/${uid}?${variables}&\${datasource:queryparam}&\${__url_time_range}`,
});

/** One number, with how it went in the background. */
export function stat(title, { description, unit, expr, steps, decimals, noValue, links, width = 3, sparkline = true }) {
  return {
    type: 'stat',
    title,
    description,
    datasource,
    gridPos: { w: width, h: 4, x: 0, y: 0 },
    targets: [target({ expr }, 0)],
    fieldConfig: {
      defaults: {
        unit,
        ...(decimals === undefined ? {} : { decimals }),
        noValue: noValue ?? 'no data',
        color: { mode: 'thresholds' },
        thresholds: thresholds(steps),
        mappings: nothingAsked,
        ...(links ? { links } : {}),
      },
      overrides: [],
    },
    options: {
      colorMode: steps ? 'background' : 'value',
      graphMode: sparkline ? 'area' : 'none',
      justifyMode: 'auto',
      orientation: 'auto',
      percentChangeColorMode: 'standard',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      showPercentChange: false,
      textMode: 'value',
      wideLayout: true,
    },
  };
}

/**
 * Lines over time.
 *
 * queries: {expr, legend, exemplar, color, dashed}; a color needs a legend without labels.
 * values: label values that the lines are named by, which get their fixed colours
 */
export function series(
  title,
  { description, unit, queries, values = [], stack = false, steps, max, min = 0, links, width = 12, height = 8, legend = 'list' },
) {
  const overrides = [
    ...queries
      .filter((query) => query.color)
      .map((query) =>
        named(
          query.legend,
          fixed(query.color),
          ...(query.dashed ? [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } }] : []),
        ),
      ),
    ...values.map((value) => named(value, fixed(colourOfValue(value)))),
  ];
  return {
    type: 'timeseries',
    title,
    description,
    datasource,
    gridPos: { w: width, h: height, x: 0, y: 0 },
    targets: queries.map(target),
    fieldConfig: {
      defaults: {
        unit,
        min,
        ...(max === undefined ? {} : { max }),
        color: { mode: 'palette-classic-by-name' },
        thresholds: thresholds(steps),
        ...(links ? { links } : {}),
        custom: {
          drawStyle: 'line',
          lineInterpolation: 'linear',
          lineWidth: stack ? 1 : 2,
          fillOpacity: stack ? 60 : 8,
          gradientMode: 'none',
          showPoints: 'never',
          spanNulls: false,
          axisPlacement: 'auto',
          scaleDistribution: { type: 'linear' },
          stacking: { mode: stack ? 'normal' : 'none', group: 'A' },
          thresholdsStyle: { mode: steps ? 'dashed' : 'off' },
        },
      },
      overrides,
    },
    options: {
      legend: {
        displayMode: legend,
        placement: legend === 'table' ? 'right' : 'bottom',
        showLegend: true,
        calcs: legend === 'table' ? ['lastNotNull', 'max'] : [],
      },
      tooltip: { mode: 'multi', sort: 'desc', hideZeros: true },
    },
  };
}

/** Median, 95th and 99th percentile of a histogram, with the traces of single requests on it. */
export const percentiles = (histogram, matchers = '') =>
  [['p50', 0.5, colour.p50], ['p95', 0.95, colour.p95], ['p99', 0.99, colour.p99]].map(([legend, share, color]) => ({
    expr: quantile(share, histogram, matchers),
    legend,
    color,
    exemplar: share === 0.95,
  }));

/** A percentile of a histogram, in all or for each value of the labels in `by`. */
export const quantile = (share, histogram, matchers = '', by = '', range = '$__rate_interval') =>
  `histogram_quantile(${share}, sum by (${by ? `${by}, ` : ''}le) (rate(${histogram}_bucket${matchers && `{${matchers}}`}[${range}])))`;

/**
 * One line for each set of label values, columns from instant queries.
 *
 * labels: label -> heading; the first one has the link
 * columns: {name, expr, unit, steps, decimals}; the first one sorts, largest first
 */
export function table(title, { description, labels, columns, link, width = 12, height = 9 }) {
  const values = columns.map((_, index) => (columns.length === 1 ? 'Value' : `Value #${refId(index)}`));
  const headings = { ...labels, ...Object.fromEntries(values.map((value, index) => [value, columns[index].name])) };
  return {
    type: 'table',
    title,
    description,
    datasource,
    gridPos: { w: width, h: height, x: 0, y: 0 },
    targets: columns.map(instantTarget),
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: Object.fromEntries(Object.keys(headings).map((name, index) => [name, index])),
          renameByName: headings,
        },
      },
    ],
    fieldConfig: {
      defaults: {
        color: { mode: 'thresholds' },
        thresholds: thresholds(),
        mappings: [{ type: 'special', options: { match: 'nan', result: { text: '', color: 'text' } } }],
        custom: { align: 'auto', cellOptions: { type: 'auto' }, inspect: false },
      },
      overrides: [
        ...(link ? [named(Object.values(labels)[0], { id: 'links', value: [link] })] : []),
        ...columns.map((column) => named(column.name, ...columnProperties(column))),
      ],
    },
    options: {
      showHeader: true,
      frameIndex: 0,
      cellHeight: 'sm',
      enablePagination: true,
      sortBy: [{ displayName: columns[0].name, desc: true }],
    },
  };
}

const columnProperties = ({ unit, decimals, steps }) => [
  { id: 'unit', value: unit },
  ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
  ...(steps
    ? [
        { id: 'thresholds', value: thresholds(steps) },
        { id: 'custom.cellOptions', value: { type: 'color-text' } },
      ]
    : []),
];
