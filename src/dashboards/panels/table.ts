import { TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";
import * as table from "@grafana/grafana-foundation-sdk/table";

import { panelId } from "../panel-id.ts";
import type { PanelSpec } from "./panel-spec.ts";
import { dataSource, tableTarget } from "./target.ts";
import { thresholds, type Limits } from "./thresholds.ts";

export interface ValueColumn {
  readonly title: string;
  /** An instant query; its labels are the table's label columns. */
  readonly expr: string;
  readonly unit: string;
  readonly decimals?: number;
  readonly limits?: Limits;
}

export interface TableSpec extends PanelSpec {
  /** Label → column title, in the order of the columns. */
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly ValueColumn[];
  /** Title of the column that decides the order, largest first. */
  readonly sortBy: string;
}

const DEFAULT_HEIGHT = 8;
const FIRST_REF_ID = "A".charCodeAt(0);

/** One row for each label set, one column for each query. */
export function tablePanel(spec: TableSpec): table.PanelBuilder {
  const panel = new table.PanelBuilder()
    .id(panelId(spec.slug))
    .title(spec.title)
    .description(spec.description)
    .datasource(dataSource)
    .span(spec.span)
    .height(spec.height ?? DEFAULT_HEIGHT)
    .unit("short")
    .thresholds(thresholds())
    .sortBy([new TableSortByFieldStateBuilder().displayName(spec.sortBy).desc(true)])
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({ id: "organize", options: organize(spec) });
  for (const column of spec.values) {
    panel.withTarget(tableTarget(column.expr)).overrideByName(column.title, overrides(column));
  }
  return panel;
}

/** Grafana calls the values of a merged table `Value #A`, `Value #B`, … and of a single one `Value`. */
function valueField(index: number, count: number): string {
  return count === 1 ? "Value" : `Value #${String.fromCharCode(FIRST_REF_ID + index)}`;
}

function organize(spec: TableSpec): Record<string, unknown> {
  const values = spec.values.map((column, index): [string, string] => [
    valueField(index, spec.values.length),
    column.title,
  ]);
  const columns = [...Object.entries(spec.labels), ...values];
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(columns.map(([field], index) => [field, index])),
    renameByName: Object.fromEntries(columns),
  };
}

function overrides(column: ValueColumn): { id: string; value: unknown }[] {
  const properties: { id: string; value: unknown }[] = [{ id: "unit", value: column.unit }];
  if (column.decimals !== undefined) properties.push({ id: "decimals", value: column.decimals });
  if (column.limits !== undefined) {
    properties.push(
      { id: "thresholds", value: thresholds(column.limits).build() },
      { id: "custom.cellOptions", value: { type: "color-text" } },
    );
  }
  return properties;
}
