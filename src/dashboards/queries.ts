import { productMetrics } from "../semconv/index.ts";
import * as promql from "../semconv/promql.ts";

/** Labels that a dashboard variable filters, wherever a metric has them. */
const VARIABLE_OF_LABEL: Readonly<Record<string, string>> = {
  job: "job",
  instance: "instance",
  provider: "provider",
  model: "model",
  gen_ai_provider_name: "provider",
  gen_ai_request_model: "model",
};

type Where<M extends promql.Queryable> = promql.Matchers<M>;
type By<M extends promql.Queryable> = readonly promql.LabelOf<M>[];

function inScope<M extends promql.Queryable>(metric: M, where: Where<M> = {}): Where<M> {
  const scope = ["job", "instance", ...metric.labels].flatMap((label) => {
    const variable = VARIABLE_OF_LABEL[label];
    return variable === undefined ? [] : [[label, `=~"$${variable}"`]];
  });
  // Every key is a label of this metric: TypeScript loses that in `fromEntries`.
  return { ...(Object.fromEntries(scope) as Where<M>), ...where };
}

/** Per-second rate of a counter, for graphs. */
export function perSecond<M extends promql.Queryable>(
  counter: M,
  by: By<M> = [],
  where?: Where<M>,
): string {
  return promql.rate(counter, { window: "$__rate_interval", by, where: inScope(counter, where) });
}

/** Growth of a counter between two points of a graph, first values included. */
export function growth<M extends promql.Queryable>(counter: M, by: By<M> = []): string {
  return promql.increase(counter, { window: "$__rate_interval", by, where: inScope(counter) });
}

/** Growth of a counter over the dashboard's time range, for tables (instant queries). */
export function growthInRange<M extends promql.Queryable>(counter: M, by: By<M> = []): string {
  return promql.increase(counter, { window: "$__range", by, where: inScope(counter) });
}

/** Quantile of a histogram, for graphs. */
export function quantile<M extends promql.QueryableHistogram>(
  q: number,
  histogram: M,
  by: By<M> = [],
): string {
  return promql.quantile(q, histogram, {
    window: "$__rate_interval",
    by,
    where: inScope(histogram),
  });
}

/** Quantile of a histogram over the dashboard's time range, for tables (instant queries). */
export function quantileInRange<M extends promql.QueryableHistogram>(
  q: number,
  histogram: M,
  by: By<M> = [],
): string {
  const where = inScope(histogram);
  return promql.quantile(q, histogram, { window: "$__range", over: "increase", by, where });
}

/** Per-second sum of the values that a histogram observed. */
export function observedPerSecond<M extends promql.QueryableHistogram>(
  histogram: M,
  by: By<M> = [],
): string {
  const where = inScope(histogram);
  return promql.histogramRate("sum", histogram, { window: "$__rate_interval", by, where });
}

/** Sum of a gauge over processes. */
export function current<M extends promql.Queryable>(gauge: M, by: By<M> = []): string {
  return promql.sumBy(by, promql.select(gauge, inScope(gauge)));
}

/**
 * Zero, named `none`, when there is nothing: for things whose absence is good news. It is taken from
 * the processes that are scraped, so a dead stack shows no data and not a reassuring zero.
 */
export function orNone(expression: string, label: string): string {
  const zero = `0 * ${current(productMetrics.buildInfo)}`;
  return `${expression} or on () label_replace(${zero}, "${label}", "none", "", "")`;
}
