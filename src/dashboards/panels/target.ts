import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";

/** The data source that every panel and variable asks: the one picked at the top of the dashboard. */
export const dataSource = { type: "prometheus", uid: "${datasource}" };

/** One curve, or one family of curves, of a graph. */
export interface Query {
  readonly expr: string;
  /** Template such as `{{provider}} {{model}}`. */
  readonly legend: string;
  /** Shows the traces behind the curve as dots. */
  readonly exemplars?: boolean;
}

export function rangeTarget(query: Query): DataqueryBuilder {
  const target = new DataqueryBuilder()
    .datasource(dataSource)
    .expr(query.expr)
    .legendFormat(query.legend)
    .range();
  return query.exemplars ? target.exemplar(true) : target;
}

/** The value at the end of the time range, one row for each label set. */
export function tableTarget(expr: string): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(dataSource)
    .expr(expr)
    .format(PromQueryFormat.Table)
    .instant();
}
