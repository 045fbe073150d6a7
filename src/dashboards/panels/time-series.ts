import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";

import { panelId } from "../panel-id.ts";
import type { MeasuredPanelSpec } from "./panel-spec.ts";
import { dataSource, rangeTarget, type Query } from "./target.ts";
import { thresholds, type Limits } from "./thresholds.ts";

export interface TimeSeriesSpec extends MeasuredPanelSpec {
  readonly queries: readonly Query[];
  /** Only for parts of a whole. */
  readonly stacked?: boolean;
  /** Drawn as dashed lines. */
  readonly limits?: Limits;
  /** Fixed colours by legend text. */
  readonly colors?: Readonly<Record<string, string>>;
}

const DEFAULT_HEIGHT = 8;

/** A graph over time with the house legend: a table of mean, maximum and last value. */
export function timeSeries(spec: TimeSeriesSpec): timeseries.PanelBuilder {
  const panel = new timeseries.PanelBuilder()
    .id(panelId(spec.slug))
    .title(spec.title)
    .description(spec.description)
    .datasource(dataSource)
    .span(spec.span)
    .height(spec.height ?? DEFAULT_HEIGHT)
    .unit(spec.unit)
    .min(0)
    .thresholds(thresholds(spec.limits))
    .legend(legend())
    .tooltip(tooltip())
    .showPoints(VisibilityMode.Never)
    .fillOpacity(spec.stacked ? 60 : 10);
  for (const query of spec.queries) panel.withTarget(rangeTarget(query));
  if (spec.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  if (spec.limits !== undefined) panel.thresholdsStyle(dashedLines());
  for (const [name, color] of Object.entries(spec.colors ?? {})) {
    panel.overrideByName(name, [{ id: "color", value: { mode: "fixed", fixedColor: color } }]);
  }
  return panel;
}

function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Bottom)
    .calcs(["mean", "max", "lastNotNull"]);
}

function tooltip(): VizTooltipOptionsBuilder {
  const options = new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi);
  // oxlint-disable-next-line unicorn/no-array-sort -- an option of the builder
  return options.sort(SortOrder.Descending);
}

function dashedLines(): GraphThresholdsStyleConfigBuilder {
  return new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed);
}
