import type { Attributes, Counter, Histogram, Meter, MetricOptions } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";

/** What stands for all sets of attributes past the limit, as in OTel's SDK. */
const OVERFLOW: Attributes = { "otel.metric.overflow": true };

/** The part of OTel's meter that the standard metrics need. */
export type InstrumentMaker = Pick<Meter, "createHistogram" | "createCounter">;

export interface CellMeterOptions {
  readonly resource: Resource;
  /** Sets of attributes of one instrument; the next ones are added up in one that says `otel.metric.overflow`. */
  readonly cardinalityLimit: number;
}

/**
 * OTel's counters and histograms in cells of our own: OTel's SDK writes the attributes out as JSON for each number it
 * records, which took longer than everything else that a call is observed with. Here a set of attributes that was seen
 * before, the very same object, is found by its identity.
 */
export class CellMeter implements InstrumentMaker {
  readonly #options: CellMeterOptions;
  readonly #instruments: Instrument[] = [];

  constructor(options: CellMeterOptions) {
    this.#options = options;
  }

  createHistogram(name: string, options: MetricOptions = {}): Histogram {
    const bounds = options.advice?.explicitBucketBoundaries ?? [];
    const cells = this.#cells(() => new HistogramCell(bounds));
    this.#instruments.push({ name, options, type: "histogram", cells });
    return { record: (value, attributes) => cells.of(attributes).record(value) };
  }

  createCounter(name: string, options: MetricOptions = {}): Counter {
    const cells = this.#cells(() => new SumCell());
    this.#instruments.push({ name, options, type: "sum", cells });
    return { add: (value, attributes) => cells.of(attributes).record(value) };
  }

  get resource(): Resource {
    return this.#options.resource;
  }

  /** What records, in the order of creation, with its cells. */
  get instruments(): readonly Instrument[] {
    return this.#instruments;
  }

  #cells<C extends object>(create: () => C): Cells<C> {
    return new Cells(create, this.#options.cardinalityLimit);
  }
}

/** A counter or a histogram. */
export type Instrument = {
  readonly name: string;
  readonly options: MetricOptions;
} & (
  | { readonly type: "histogram"; readonly cells: Cells<HistogramCell> }
  | { readonly type: "sum"; readonly cells: Cells<SumCell> }
);

/** The cells of one instrument by their attributes. */
class Cells<C extends object> {
  readonly byText = new Map<string, { readonly attributes: Attributes; readonly cell: C }>();
  readonly #bySet = new WeakMap<Attributes, C>();
  readonly #create: () => C;
  readonly #limit: number;

  constructor(create: () => C, limit: number) {
    this.#create = create;
    this.#limit = limit;
  }

  of(attributes: Attributes = {}): C {
    const known = this.#bySet.get(attributes);
    if (known) return known;
    const cell = this.#find(attributes);
    this.#bySet.set(attributes, cell);
    return cell;
  }

  #find(attributes: Attributes): C {
    const text = JSON.stringify(Object.entries(attributes).toSorted(byName));
    const found = this.byText.get(text);
    if (found) return found.cell;
    // the last one is for all that are too many
    if (this.byText.size >= this.#limit - 1 && attributes !== OVERFLOW) return this.of(OVERFLOW);
    const cell = this.#create();
    this.byText.set(text, { attributes, cell });
    return cell;
  }
}

export class SumCell {
  value = 0;

  record(value: number): void {
    if (value >= 0) this.value += value;
  }
}

export class HistogramCell {
  readonly bounds: readonly number[];
  readonly counts: number[];
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  record(value: number): void {
    if (!(value >= 0)) return;
    let index = 0;
    while (index < this.bounds.length && value > (this.bounds[index] ?? Infinity)) index += 1;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.count += 1;
    this.sum += value;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
