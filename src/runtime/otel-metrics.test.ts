import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { resourceFromAttributes } from "@opentelemetry/resources";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectMetrics } from "../../test/support/collect-metrics.ts";
import { CellMeter } from "./cell-meter.ts";
import { MetricsText } from "./otel-metrics.ts";

const text = fc.string({ unit: "binary", maxLength: 8 });
const attributes = fc.dictionary(
  fc.oneof(fc.constantFrom("gen_ai.request.model", "error.type", "a..b"), text),
  fc.oneof(text, fc.constantFrom('say "x"', "C:\\new", "two\nlines"), fc.integer(), fc.boolean()),
  { maxKeys: 4, noNullPrototype: true },
);
const recordings = fc.array(fc.tuple(attributes, fc.double({ min: 0, max: 1e6, noNaN: true })), {
  maxLength: 120,
});

function record(given: readonly (readonly [object, number])[], resource: object = {}): CellMeter {
  const meter = new CellMeter({
    resource: resourceFromAttributes({ "service.name": "test", ...resource }),
    cardinalityLimit: 1_000,
  });
  const advice = { explicitBucketBoundaries: [0.01, 1, 2.5, 1000] };
  const options = { description: "how long\nit took", unit: "s", advice };
  const histogram = meter.createHistogram("gen_ai.client.operation.duration", options);
  const counter = meter.createCounter("gen_ai.client.usage");
  meter.createCounter("never.used");
  for (const [set, value] of given) {
    histogram.record(value, { ...set });
    counter.add(value, { ...set });
  }
  return meter;
}

/** OTel's own word. */
function byOtel(meter: CellMeter): string {
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  return serializer.serialize(collectMetrics(meter));
}

describe("the text of the standard metrics", () => {
  it("is what OTel's serializer writes, whatever was recorded", async () => {
    const given = fc.asyncProperty(recordings, attributes, async (recorded, resource) => {
      const meter = record(recorded, resource);
      const writer = new MetricsText();
      expect(await writer.of(meter)).toBe(byOtel(meter));
      // the second page knows the labels already
      expect(await writer.of(meter)).toBe(byOtel(meter));
    });
    await fc.assert(given);
  });

  it("says so when nothing was recorded, as OTel does", async () => {
    expect(await new MetricsText().of(record([]))).toBe(byOtel(record([])));
  });

  it("lets other work have its turn while a large page is written", async () => {
    const meter = record(Array.from({ length: 200 }, (_, index) => [{ index }, index]));
    let turns = 0;
    const count = (): void => {
      turns += 1;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    await new MetricsText().of(meter);
    clearImmediate(immediate);
    expect(turns).toBeGreaterThanOrEqual(4);
  });
});
