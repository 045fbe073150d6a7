import { OVERFLOW_LABEL_VALUE } from "../semconv/index.ts";

/** Longest label value in UTF-8. Prometheus can be told to refuse a whole page for one that is longer. Bytes. */
const MAX_VALUE_BYTES = 128;

/** Keeps the values of each label of one metric bounded: one past the limit, or too long, becomes `other`. */
export class LabelLimiter {
  readonly #limit: number;
  readonly #known: Set<string>[];
  /** Values that became `other`. */
  overflowed = 0;

  constructor(labels: readonly string[], limit: number) {
    this.#limit = limit;
    this.#known = labels.map(() => new Set());
  }

  /** The values as they may be used, in the order of the labels. */
  admit(values: readonly string[]): readonly string[] {
    return values.map((value, index) => this.#admitOne(value, this.#known[index]));
  }

  #admitOne(value: string, known: Set<string> | undefined): string {
    if (known === undefined || known.has(value)) return value;
    if (known.size < this.#limit && Buffer.byteLength(value) <= MAX_VALUE_BYTES) {
      known.add(value);
      return value;
    }
    this.overflowed += 1;
    return OVERFLOW_LABEL_VALUE;
  }
}
