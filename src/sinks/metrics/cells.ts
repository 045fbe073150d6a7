/** A W3C trace and span that shows one example of what a histogram counted. */
export interface Exemplar {
  readonly traceId: string;
  readonly spanId: string;
  readonly value: number;
  /** Unix epoch in seconds. */
  readonly timestamp: number;
}

/** One number of one set of label values. */
export class ValueCell {
  value = 0;

  add(amount: number): void {
    // a counter never goes down, and NaN would stay for ever
    if (amount > 0) this.value += amount;
  }

  /** Gauges only. */
  set(value: number): void {
    this.value = value;
  }
}

/** One histogram of one set of label values; `counts` are not cumulative. */
export class HistogramCell {
  readonly bounds: readonly number[];
  /** One more than `bounds`: the last is +Inf. */
  readonly counts: number[];
  readonly exemplars: (Exemplar | undefined)[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
    this.exemplars = Array.from({ length: bounds.length + 1 }, () => undefined);
  }

  observe(value: number, trace?: { readonly traceId?: string; readonly spanId?: string }): void {
    if (!(value >= 0)) return;
    const index = this.#bucketOf(value);
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.sum += value;
    if (trace?.traceId === undefined || trace.spanId === undefined) return;
    this.exemplars[index] = {
      traceId: trace.traceId,
      spanId: trace.spanId,
      value,
      timestamp: Date.now() / 1000,
    };
  }

  /** Observations that were counted elsewhere by the same bounds, and their sum. */
  addCounts(counts: readonly number[], sum: number): void {
    for (const [index, count] of counts.entries()) {
      this.counts[index] = (this.counts[index] ?? 0) + count;
    }
    this.sum += sum;
  }

  #bucketOf(value: number): number {
    const { bounds } = this;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] ?? Infinity)) index += 1;
    return index;
  }
}
