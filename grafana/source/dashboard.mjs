// A dashboard around panels: variables, links, rows and the place of each panel.
import { colour, datasource } from './panels.mjs';

const COLUMNS = 24;
const ROW_HEIGHT = 1;

/** Grafana's version of the classic model that the JSON is written in. */
const SCHEMA_VERSION = 41;

const datasourceVariable = {
  type: 'datasource',
  name: 'datasource',
  label: 'Prometheus',
  query: 'prometheus',
  refresh: 1,
  hide: 0,
};

/** Any label, e.g. a namespace or a cluster, for every query of the dashboard. */
const filters = { type: 'adhoc', name: 'filters', label: 'Filter', datasource, hide: 0 };

/** A value of a label, for each that a metric has. */
export const choice = (name, label, metric, of, { description, multi = false } = {}) => ({
  type: 'query',
  name,
  label,
  description,
  datasource,
  query: { query: `label_values(${metric}, ${of})`, refId: name },
  refresh: 2,
  sort: 1,
  multi,
  includeAll: multi,
  hide: 0,
});

/** When alerts began, drawn on every panel. */
const firing = {
  name: 'Alerts',
  datasource,
  enable: true,
  hide: false,
  iconColor: colour.bad,
  target: { datasource, refId: 'Alerts', expr: 'ALERTS{alertname=~"Weft.+", alertstate="firing"}', interval: '30s' },
  titleFormat: '{{alertname}}',
  textFormat: '{{weft_adapter}} {{instance}}',
};

const others = {
  type: 'dashboards',
  title: 'Weft',
  tags: ['weft'],
  asDropdown: false,
  icon: 'external link',
  includeVars: false,
  keepTime: true,
  targetBlank: false,
  tooltip: '',
};

/** Panels from left to right, as many as fit beside each other. */
function place(panels, top) {
  let [x, y, lineHeight] = [0, top, 0];
  const placed = panels.map((panel) => {
    const { w, h } = panel.gridPos;
    if (x + w > COLUMNS) {
      [x, y, lineHeight] = [0, y + lineHeight, 0];
    }
    const gridPos = { h, w, x, y };
    x += w;
    lineHeight = Math.max(lineHeight, h);
    return { ...panel, gridPos };
  });
  return { placed, bottom: y + lineHeight };
}

const row = (title, collapsed, y, panels) => ({
  type: 'row',
  title,
  collapsed,
  gridPos: { h: ROW_HEIGHT, w: COLUMNS, x: 0, y },
  panels,
});

/** rows: {title, panels, collapsed}; the first has no title, since it answers whether all is well. */
function layOut(rows) {
  const panels = [];
  let y = 0;
  for (const { title, panels: content, collapsed = false } of rows) {
    const { placed, bottom } = place(content, title ? y + ROW_HEIGHT : y);
    if (title) {
      panels.push(row(title, collapsed, y, collapsed ? placed : []));
    }
    panels.push(...(collapsed ? [] : placed));
    y = collapsed ? y + ROW_HEIGHT : bottom;
  }
  let id = 0;
  const numbered = (panel) => ({ id: (id += 1), ...panel, ...(panel.panels ? { panels: panel.panels.map(numbered) } : {}) });
  return panels.map(numbered);
}

export function dashboard({ uid, title, description, variables = [], rows }) {
  return {
    uid,
    title,
    description,
    tags: ['weft'],
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    schemaVersion: SCHEMA_VERSION,
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    annotations: { list: [firing] },
    links: [others],
    templating: { list: [datasourceVariable, ...variables, filters] },
    panels: layOut(rows),
  };
}
