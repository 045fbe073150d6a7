/** One Prometheus metric: its name is the full exposition name (counters end in `_total`). */
export interface MetricDefinition {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  /** Base unit of the value: `seconds`, `usd`, `tokens`, `1` (a plain count). */
  readonly unit: "seconds" | "usd" | "tokens" | "tokens_per_second" | "1";
  readonly labels: readonly string[];
  /** Upper bounds in base units; histograms only. */
  readonly buckets?: readonly number[];
}
