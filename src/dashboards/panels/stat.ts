import {
  BigValueColorMode,
  BigValueGraphMode,
  ReduceDataOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import * as stat from "@grafana/grafana-foundation-sdk/stat";

import { panelId } from "../panel-id.ts";
import type { MeasuredPanelSpec } from "./panel-spec.ts";
import { dataSource, rangeTarget } from "./target.ts";
import { thresholds, type Limits } from "./thresholds.ts";

export interface StatSpec extends MeasuredPanelSpec {
  readonly expr: string;
  readonly limits?: Limits;
}

const DEFAULT_HEIGHT = 4;

/** One number with its recent course behind it. */
export function statPanel(spec: StatSpec): stat.PanelBuilder {
  return new stat.PanelBuilder()
    .id(panelId(spec.slug))
    .title(spec.title)
    .description(spec.description)
    .datasource(dataSource)
    .span(spec.span)
    .height(spec.height ?? DEFAULT_HEIGHT)
    .unit(spec.unit)
    .min(0)
    .thresholds(thresholds(spec.limits))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .withTarget(rangeTarget({ expr: spec.expr, legend: spec.title }));
}
