import type { Attributes, Meter } from "@opentelemetry/api";
import { emptyResource } from "@opentelemetry/resources";
import * as sdk from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { expect, it } from "vitest";
import { collectMetrics } from "../../test/support/collect-metrics.ts";
import { PullReader } from "../../test/support/pull-reader.ts";
import { CellMeter, type InstrumentMaker } from "./cell-meter.ts";

const LIMIT = 4;
const BOUNDS = [1, 10, 100];
const sets: readonly Attributes[] = [
  {},
  { a: "1" },
  { a: "1", b: 2 },
  { b: 2, a: "1" },
  { a: "2" },
  { a: "3" },
  { a: "4" },
];

function cellMeter(): CellMeter {
  return new CellMeter({ resource: emptyResource(), cardinalityLimit: LIMIT });
}

/** What both meters tell, times and names of scopes aside. */
function told({ scopeMetrics }: sdk.ResourceMetrics) {
  return scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .map(({ descriptor, dataPointType, aggregationTemporality, dataPoints }) => ({
      name: descriptor.name,
      unit: descriptor.unit,
      description: descriptor.description,
      dataPointType,
      aggregationTemporality,
      points: dataPoints.map(({ attributes, value }) => ({ attributes, value })),
    }));
}

type Recording = readonly [set: number, value: number, fresh: boolean];

function record(meter: InstrumentMaker | Meter, recordings: readonly Recording[]): void {
  const advice = { explicitBucketBoundaries: BOUNDS };
  const histogram = meter.createHistogram("h", { unit: "s", description: "d", advice });
  const counter = meter.createCounter("c");
  for (const [index, value, fresh] of recordings) {
    const set = sets[index] ?? {};
    histogram.record(value, fresh ? { ...set } : set);
    counter.add(value, fresh ? { ...set } : set);
  }
}

it("tells what OTel's own meter tells, past the limit of sets as well", async () => {
  const recording = fc.tuple(
    fc.integer({ min: 0, max: sets.length - 1 }),
    fc.integer({ min: 0, max: 1_000 }),
    fc.boolean(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(recording, { maxLength: 30 }), async (recordings) => {
      const ours = cellMeter();
      record(ours, recordings);
      const reader = new PullReader();
      const views = [{ instrumentName: "*", aggregationCardinalityLimit: LIMIT }];
      record(new sdk.MeterProvider({ readers: [reader], views }).getMeter("test"), recordings);
      const theirs = (await reader.collect()).resourceMetrics;
      expect(told(collectMetrics(ours))).toEqual(told(theirs));
    }),
  );
});

it("takes no number that would spoil a sum", () => {
  const meter = cellMeter();
  record(meter, [
    [0, Number.NaN, false],
    [0, -1, false],
    [0, 5, false],
  ]);
  expect(told(collectMetrics(meter)).map(({ points }) => points[0]?.value)).toMatchObject([
    { sum: 5, count: 1 },
    5,
  ]);
});
