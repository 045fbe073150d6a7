import type { MetricDefinition } from "../../semconv/index.ts";
import { HistogramCell, ValueCell } from "./cells.ts";
import { LabelLimiter } from "../../redaction/index.ts";

type Cell = ValueCell | HistogramCell;

export interface Series<C extends Cell = Cell> {
  readonly labels: Readonly<Record<string, string>>;
  readonly cell: C;
  /** The labels as they are printed, kept by whoever prints them. */
  labelsText: string | undefined;
}

/** Cells by their label values, one after the other: the look-up of every call makes no key and no list. */
interface Branch<C> {
  cell?: C;
  next?: Map<string, Branch<C>>;
}

/** One metric with its cells. Getting a cell costs a look-up; adding to it costs nothing more than the addition. */
export class MetricFamily<C extends Cell = Cell> {
  readonly definition: MetricDefinition;
  readonly limiter: LabelLimiter;
  readonly #newCell: () => C;
  readonly #series = new Map<string, Series<C>>();
  readonly #found: Branch<C> = {};

  constructor(definition: MetricDefinition, maxLabelValues: number, newCell: () => C) {
    this.definition = definition;
    this.limiter = new LabelLimiter(definition.labels, maxLabelValues);
    this.#newCell = newCell;
  }

  /** The cell of these label values, in the order of the definition. */
  cell(...values: readonly string[]): C {
    let branch: Branch<C> | undefined = this.#found;
    for (const value of values) {
      branch = branch.next?.get(value);
      if (branch === undefined) return this.#find(values);
    }
    return branch.cell ?? this.#find(values);
  }

  #find(values: readonly string[]): C {
    const admitted = this.limiter.admit(values);
    // lengths keep values apart, whatever is in them
    const key = admitted.map((value) => `${value.length}:${value}`).join("");
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { labels: this.#label(admitted), cell: this.#newCell(), labelsText: undefined };
      this.#series.set(key, series);
    }
    // values that became `other` are looked up each time, to be counted each time
    if (admitted.every((value, index) => value === values[index])) {
      branchOf(this.#found, values).cell = series.cell;
    }
    return series.cell;
  }

  /** In the order in which they were first looked up. */
  get series(): Iterable<Series<C>> {
    return this.#series.values();
  }

  #label(values: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      this.definition.labels.map((name, index) => [name, values[index] ?? ""]),
    );
  }
}

function branchOf<C>(root: Branch<C>, values: readonly string[]): Branch<C> {
  let branch = root;
  for (const value of values) {
    branch.next ??= new Map();
    let next = branch.next.get(value);
    if (next === undefined) branch.next.set(value, (next = {}));
    branch = next;
  }
  return branch;
}

export function counterOrGauge(
  definition: MetricDefinition,
  maxLabelValues: number,
): MetricFamily<ValueCell> {
  return new MetricFamily(definition, maxLabelValues, () => new ValueCell());
}

export function histogram(
  definition: MetricDefinition,
  maxLabelValues: number,
): MetricFamily<HistogramCell> {
  const bounds = definition.buckets ?? [];
  return new MetricFamily(definition, maxLabelValues, () => new HistogramCell(bounds));
}
