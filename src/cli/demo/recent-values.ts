/** The latest `limit` values, for quantiles of what happened lately in bounded memory. */
export class RecentValues {
  readonly #values: Float64Array;
  #added = 0;

  constructor(limit = 1000) {
    this.#values = new Float64Array(limit);
  }

  add(value: number): void {
    this.#values[this.#added % this.#values.length] = value;
    this.#added += 1;
  }

  /** The smallest value that `fraction` of the values don't exceed; nothing before the first value. */
  quantile(fraction: number): number | undefined {
    const sorted = this.#values.subarray(0, this.#added).toSorted();
    return sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)];
  }
}
