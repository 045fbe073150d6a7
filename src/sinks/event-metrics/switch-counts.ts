import { LabelLimiter } from "../../redaction/index.ts";

/** How often one agent handed over to another. Names are bounded: those past the limit are `other`. */
export class SwitchCounts {
  readonly limiter: LabelLimiter;
  readonly #byFrom = new Map<string, Map<string, number>>();

  constructor(maxNames: number) {
    this.limiter = new LabelLimiter(["from", "to"], maxNames);
  }

  add(from: string, to: string): void {
    const [admittedFrom = from, admittedTo = to] = this.limiter.admit([from, to]);
    const byTo = this.#byFrom.get(admittedFrom) ?? new Map<string, number>();
    this.#byFrom.set(admittedFrom, byTo);
    byTo.set(admittedTo, (byTo.get(admittedTo) ?? 0) + 1);
  }

  /** Without names, from any or to any. */
  count(from?: string, to?: string): number {
    let sum = 0;
    for (const [name, byTo] of this.#byFrom) {
      if (from === undefined || name === from) sum += countTo(byTo, to);
    }
    return sum;
  }

  /** By `<from>_to_<to>`; pairs that read the same are added up. */
  toRecord(): Record<string, number> {
    const counts = new Map<string, number>();
    for (const [from, byTo] of this.#byFrom) {
      for (const [to, count] of byTo) {
        const key = `${from}_to_${to}`;
        counts.set(key, (counts.get(key) ?? 0) + count);
      }
    }
    return Object.fromEntries(counts);
  }
}

function countTo(byTo: ReadonlyMap<string, number>, to: string | undefined): number {
  if (to !== undefined) return byTo.get(to) ?? 0;
  let sum = 0;
  for (const count of byTo.values()) sum += count;
  return sum;
}
