/** What PromQL needs to know of a metric: `MetricDefinition` and the `gen_ai` series both fit. */
export interface Queryable {
  readonly name: string;
  readonly labels: readonly string[];
}

export interface QueryableHistogram extends Queryable {
  readonly type: "histogram";
}

/** A metric's own labels, and the two that Prometheus adds to every target. */
export type LabelOf<M extends Queryable> = M["labels"][number] | "job" | "instance";

/** An operator and a quoted value, e.g. `=~"error|truncated"`. */
export type Matcher = `${"=" | "!=" | "=~" | "!~"}"${string}"`;

export type Matchers<M extends Queryable> = { readonly [Label in LabelOf<M>]?: Matcher };

export interface QueryOptions<M extends Queryable> {
  /** Range such as `5m` or `$__rate_interval`. */
  readonly window: string;
  /** Labels to keep; default none. */
  readonly by?: readonly LabelOf<M>[];
  readonly where?: Matchers<M>;
}

/** `name{label="value",…}`. A metric or label that the vocabulary does not have is a compile error. */
export function select<M extends Queryable>(metric: M, where: Matchers<M> = {}): string {
  const matchers = Object.entries(where).map(([label, matcher]) => `${label}${String(matcher)}`);
  return matchers.length === 0 ? metric.name : `${metric.name}{${matchers.join(",")}}`;
}

export function sumBy(labels: readonly string[], expression: string): string {
  return labels.length === 0
    ? `sum(${expression})`
    : `sum by (${labels.join(", ")}) (${expression})`;
}

/** Per-second rate of a counter. */
export function rate<M extends Queryable>(counter: M, options: QueryOptions<M>): string {
  const series = select(counter, options.where);
  return sumBy(options.by ?? [], `rate(${series}[${options.window}])`);
}

/**
 * Increase of a counter that also counts the first value of a series. PromQL's `increase()` needs two samples,
 * so a model that is used for the first time would cost nothing. A series that was not there when the window
 * began counts from zero. The price: the first window after Prometheus met a long-running process shows all
 * that the process had counted before.
 */
export function increase<M extends Queryable>(counter: M, options: QueryOptions<M>): string {
  const series = select(counter, options.where);
  const born = `(${series} unless ${series} offset ${options.window})`;
  const grown = `increase(${series}[${options.window}])`;
  return sumBy(options.by ?? [], `(${born} > ${grown}) or ${grown} or ${born}`);
}

/** Quantile of a classic histogram; buckets are added up before it is taken, never after. */
export function quantile<M extends QueryableHistogram>(
  q: number,
  histogram: M,
  options: QueryOptions<M> & { readonly over?: "rate" | "increase" },
): string {
  const series = select({ ...histogram, name: `${histogram.name}_bucket` }, options.where);
  const overTime = `${options.over ?? "rate"}(${series}[${options.window}])`;
  return `histogram_quantile(${q}, ${sumBy([...(options.by ?? []), "le"], overTime)})`;
}

/** Per-second rate of the observations of a histogram, or of the sum of their values. */
export function histogramRate<M extends QueryableHistogram>(
  part: "count" | "sum",
  histogram: M,
  options: QueryOptions<M>,
): string {
  return rate({ ...histogram, name: `${histogram.name}_${part}` }, options);
}

/**
 * Share of `part` in `whole`, both with the same labels. Nothing in `part` yields 0, not "no data";
 * nothing in `whole` yields no data, not a division by zero.
 */
export function ratio(part: string, whole: string): string {
  return `(${part} or 0 * ${whole}) / (${whole} > 0)`;
}
