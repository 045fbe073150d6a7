import type { MetricDefinition } from "../../semconv/index.ts";
import { HistogramCell, ValueCell } from "./cells.ts";
import { LabelLimiter } from "../../redaction/index.ts";

type Cell = ValueCell | HistogramCell;

/** One line of an exposition, in the shape that a prom-client registry prints. */
export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  /** Default: the metric's own name. */
  readonly metricName?: string;
  /** Printed by an OpenMetrics registry. */
  readonly exemplar?: {
    readonly labelSet: Readonly<Record<string, string>>;
    readonly value: number;
    readonly timestamp: number;
  };
}

interface Series<C extends Cell> {
  readonly labels: Readonly<Record<string, string>>;
  readonly cell: C;
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
      series = { labels: this.#label(admitted), cell: this.#newCell() };
      this.#series.set(key, series);
    }
    // values that became `other` are looked up each time, to be counted each time
    if (admitted.every((value, index) => value === values[index])) {
      branchOf(this.#found, values).cell = series.cell;
    }
    return series.cell;
  }

  samples(): Sample[] {
    return [...this.#series.values()].flatMap(({ labels, cell }) =>
      cell instanceof ValueCell
        ? [{ value: cell.value, labels }]
        : histogramSamples(this.definition.name, labels, cell),
    );
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

function histogramSamples(
  name: string,
  labels: Readonly<Record<string, string>>,
  cell: HistogramCell,
): Sample[] {
  let cumulative = 0;
  const buckets = cell.counts.map((count, index) => {
    cumulative += count;
    const exemplar = cell.exemplars[index];
    return {
      metricName: `${name}_bucket`,
      value: cumulative,
      labels: { ...labels, le: cell.bounds[index] ?? "+Inf" },
      ...(exemplar && {
        exemplar: {
          labelSet: { trace_id: exemplar.traceId, span_id: exemplar.spanId },
          value: exemplar.value,
          timestamp: exemplar.timestamp,
        },
      }),
    };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, value: cell.sum, labels: { ...labels } },
    { metricName: `${name}_count`, value: cumulative, labels: { ...labels } },
  ];
}
