// What a dashboard's JSON may hold, in Grafana's own types: the model and the panels' options from @grafana/schema, Prometheus'
// query from the foundation SDK. Narrower than `Dashboard` alone, whose panels may have any options.
import type * as grafana from '@grafana/schema';
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';

/** T as JSON has it: the values of text enumerations instead of their members. */
type Json<T> = unknown extends T
  ? T
  : T extends string
    ? `${T}`
    : T extends object
      ? { [K in keyof T]: Json<T[K]> }
      : T;

type Query = Required<Pick<Dataquery, 'refId' | 'datasource'>> & Omit<Dataquery, '_implementsDataqueryVariant'>;

type Override = {
  matcher: grafana.MatcherConfig;
  properties: Array<
    | { id: 'color'; value: grafana.FieldColor }
    | { id: 'unit'; value: string }
    | { id: 'decimals'; value: number }
    | { id: 'thresholds'; value: grafana.ThresholdsConfig }
    | { id: 'links'; value: Array<{ title: string; url: string }> }
    | { id: 'custom.lineStyle'; value: grafana.LineStyle }
    | { id: 'custom.cellOptions'; value: grafana.TableCellOptions }
  >;
};

/** A panel whose title, description, unit and queries are there, with the options that its type has; columns of tables have their own unit. */
type PanelOf<Type extends string, Options, Custom, Unit = { unit: string }> = Omit<grafana.Panel, 'type' | 'options' | 'fieldConfig' | 'targets'> & {
  type: Type;
  title: string;
  description: string;
  targets: Query[];
  options: Options;
  fieldConfig: { defaults: Omit<grafana.FieldConfig, 'custom'> & { custom?: Custom } & Unit; overrides: Override[] };
};

type Panel =
  | PanelOf<'timeseries', timeseries.Options, timeseries.FieldConfig>
  | PanelOf<'stat', stat.Options, never>
  | PanelOf<'table', table.Options, table.FieldConfig, unknown>
  | PanelOf<'heatmap', heatmap.Options, heatmap.FieldConfig>;

type Annotations = Omit<grafana.AnnotationQuery, 'target'> & { target: Query; titleFormat: string; textFormat: string };

export type Dashboard = Json<
  Omit<grafana.Dashboard, 'panels' | 'annotations'> & {
    uid: string;
    title: string;
    panels: Array<Panel | (Omit<grafana.RowPanel, 'panels'> & { panels: Panel[] })>;
    annotations: { list: Annotations[] };
  }
>;
