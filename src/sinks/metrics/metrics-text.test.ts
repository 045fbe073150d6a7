import fc from "fast-check";
import { type Metric, Registry } from "prom-client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { samplesOf } from "../../../test/support/samples-of.ts";
import type { MetricDefinition } from "../../semconv/index.ts";
import { counterOrGauge, histogram, MetricFamily } from "./metric-family.ts";
import { type MetricSource, metricsText } from "./metrics-text.ts";

const TRACE = { traceId: "a".repeat(32), spanId: "b".repeat(16) };
const word = fc.string({
  unit: fc.constantFrom("\\", '"', "\n", "n", "é", "a", "="),
  maxLength: 5,
});
const number = fc.oneof(fc.double(), fc.integer());
const metric = fc.record({
  type: fc.constantFrom("counter" as const, "gauge" as const, "histogram" as const),
  help: word,
  labels: fc.constantFrom([], ["kind"], ["a", "b"]),
  values: fc.array(fc.tuple(fc.tuple(word, word), number, fc.boolean()), { maxLength: 4 }),
});

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_123, toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

function familyOf({ type, help, labels, values }: Given, index: number): MetricFamily {
  const name = `rlm_metric_${index}${type === "counter" ? "_total" : ""}`;
  const definition: MetricDefinition = { name, type, help, unit: "1", labels, buckets: [0.5, 1] };
  if (type === "histogram") {
    const family = histogram(definition, 100);
    for (const [texts, value, traced] of values) {
      family.cell(...texts.slice(0, labels.length)).observe(value, traced ? TRACE : undefined);
    }
    return family;
  }
  const family = counterOrGauge(definition, 100);
  for (const [texts, value] of values) family.cell(...texts.slice(0, labels.length)).set(value);
  return family;
}

type Given = typeof metric extends fc.Arbitrary<infer T> ? T : never;

/** The same by prom-client, in a registry of its own: it renames counters for good. */
async function byPromClient(sources: readonly MetricSource[], contentType: string) {
  const registry = new Registry();
  registry.setContentType(contentType as Parameters<typeof registry.setContentType>[0]);
  for (const source of sources) {
    const { name, help, type } = source.definition;
    const values = source instanceof MetricFamily ? samplesOf(source) : source.samples();
    const asked = { name, help, type, values, get: async () => asked };
    registry.registerMetric(asked as unknown as Metric);
  }
  return registry.metrics();
}

it("is what prom-client writes, in both formats, whatever was counted", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(metric, { minLength: 1, maxLength: 4 }), async (given) => {
      const sources = given.map(familyOf);
      expect(await metricsText(sources, "prometheus")).toBe(
        await byPromClient(sources, Registry.PROMETHEUS_CONTENT_TYPE),
      );
      expect(`${await metricsText(sources, "openMetrics")}# EOF\n`).toBe(
        await byPromClient(sources, Registry.OPENMETRICS_CONTENT_TYPE),
      );
    }),
  );
});

it("has what is counted elsewhere as well", async () => {
  const definition: MetricDefinition = {
    name: "rlm_lost_total",
    type: "counter",
    help: "Lost.",
    unit: "1",
    labels: ["reason"],
  };
  const samples = () => [
    { value: 1, labels: { reason: 'a "queue"' } },
    { value: Number.NaN, labels: {} },
    { value: -Infinity, labels: {} },
  ];
  const sources = [{ definition, samples }];

  expect(await metricsText(sources, "prometheus")).toBe(
    await byPromClient(sources, Registry.PROMETHEUS_CONTENT_TYPE),
  );
});

it("gives other work its turn", async () => {
  const definition = { name: "x", type: "gauge", help: "X.", unit: "1", labels: ["a"] } as const;
  const family = counterOrGauge(definition, 1_000);
  for (let index = 0; index < 300; index += 1) family.cell(`${index}`).set(index);
  let turns = 0;
  let writing = true;
  const turn = () => {
    turns += 1;
    if (writing) setImmediate(turn);
  };
  setImmediate(turn);

  await metricsText([family], "prometheus");
  writing = false;

  expect(turns).toBeGreaterThanOrEqual(3);
});
