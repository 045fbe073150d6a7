import { productMetrics, type MetricDefinition } from "../semconv/index.ts";

export interface Customization {
  readonly title?: string;
  /** Replaces the metric prefix `rlm_`. */
  readonly prefix?: string;
}

const OWN_PREFIX = "rlm_";
const HISTOGRAM_SUFFIXES = ["", "_bucket", "_sum", "_count"];
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
/** Quoted strings are matched first, so that a label value is never taken for a metric. */
const STRING_OR_IDENTIFIER = /"(?:[^"\\]|\\.)*"|[a-zA-Z_:][a-zA-Z0-9_:]*/g;
/** The fields of a dashboard that hold PromQL. */
const PROMQL_FIELDS = new Set(["expr", "query", "definition"]);

/**
 * A copy of a dashboard with another title, or for metrics that carry another prefix. Only the metrics of this
 * package are renamed, and only as whole names.
 *
 * @throws RangeError when a metric name can't start with `prefix`.
 */
export function customizeDashboard(
  dashboard: Readonly<Record<string, unknown>>,
  { title, prefix = OWN_PREFIX }: Customization = {},
): Record<string, unknown> {
  if (!METRIC_NAME.test(prefix)) {
    throw new RangeError(
      `prefix: expected the start of a metric name such as "acme_", got "${prefix}"`,
    );
  }
  const names = renamedMetrics(prefix);
  const copy = transform(dashboard, names) as Record<string, unknown>;
  return title === undefined ? copy : { ...copy, title };
}

function renamedMetrics(prefix: string): ReadonlyMap<string, string> {
  const definitions: readonly MetricDefinition[] = Object.values(productMetrics);
  return new Map(
    definitions.flatMap(({ name, type }) =>
      (type === "histogram" ? HISTOGRAM_SUFFIXES : [""]).map((suffix): [string, string] => [
        `${name}${suffix}`,
        `${prefix}${name.slice(OWN_PREFIX.length)}${suffix}`,
      ]),
    ),
  );
}

function transform(value: unknown, names: ReadonlyMap<string, string>, field?: string): unknown {
  if (typeof value === "string") {
    return field !== undefined && PROMQL_FIELDS.has(field) ? renameIn(value, names) : value;
  }
  if (Array.isArray(value)) return value.map((item) => transform(item, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, transform(child, names, key)]),
  );
}

function renameIn(promql: string, names: ReadonlyMap<string, string>): string {
  return promql.replace(STRING_OR_IDENTIFIER, (token) => names.get(token) ?? token);
}
