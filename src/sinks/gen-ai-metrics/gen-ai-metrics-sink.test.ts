import { DataPointType, MeterProvider } from "@opentelemetry/sdk-metrics";
import { beforeEach, expect, test } from "vitest";
import { completed, failed, fullAnswer, plainAnswer } from "../../../test/support/llm-events.ts";
import { PullReader } from "../../../test/support/pull-reader.ts";
import type { Event, Sink } from "../../events/index.ts";
import { genAiMetrics } from "../../semconv/index.ts";
import { createGenAiMetricsSink } from "./gen-ai-metrics-sink.ts";

let reader: PullReader;
let sink: Sink;

beforeEach(() => {
  reader = new PullReader();
  sink = createGenAiMetricsSink(new MeterProvider({ readers: [reader] }).getMeter("test"));
});

/** Points of histogram `name` as `[attributes, sum, count]`. */
async function points(name: string) {
  const { resourceMetrics } = await reader.collect();
  const metric = resourceMetrics.scopeMetrics
    .flatMap((scope) => scope.metrics)
    .find((candidate) => candidate.descriptor.name === name);
  if (metric?.dataPointType !== DataPointType.HISTOGRAM) return [];
  return metric.dataPoints.map(({ attributes, value }) => ({
    attributes,
    sum: value.sum,
    count: value.count,
    boundaries: value.buckets.boundaries,
  }));
}

const base = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o",
  "server.address": "api.openai.com",
  "server.port": 443,
};
const answered = { ...base, "gen_ai.response.model": "gpt-4o-2024-08-06" };

test("an answer gives duration, tokens by type and time to first chunk, with the standard buckets", async () => {
  sink.handle(completed(fullAnswer));

  const seconds = [...genAiMetrics.operationDuration.buckets];
  const tokens = [...genAiMetrics.tokenUsage.buckets];
  expect(await points("gen_ai.client.operation.duration")).toEqual([
    { attributes: answered, sum: 2.5, count: 1, boundaries: seconds },
  ]);
  expect(await points("gen_ai.client.token.usage")).toEqual([
    {
      attributes: { ...answered, "gen_ai.token.type": "input" },
      sum: 1000,
      count: 1,
      boundaries: tokens,
    },
    {
      attributes: { ...answered, "gen_ai.token.type": "output" },
      sum: 300,
      count: 1,
      boundaries: tokens,
    },
  ]);
  expect(await points("gen_ai.client.operation.time_to_first_chunk")).toEqual([
    { attributes: answered, sum: 0.4, count: 1, boundaries: seconds },
  ]);
});

test("what the provider did not tell is not recorded", async () => {
  sink.handle(completed(plainAnswer));

  expect(await points("gen_ai.client.operation.duration")).toHaveLength(1);
  expect(await points("gen_ai.client.token.usage")).toEqual([]);
  expect(await points("gen_ai.client.operation.time_to_first_chunk")).toEqual([]);
});

test("embeddings have input tokens alone", async () => {
  const usage = { inputTokens: 8 };
  sink.handle(completed({ ...plainAnswer, operation: "embeddings", usage }));

  const attributes = { ...base, "gen_ai.operation.name": "embeddings" };
  expect(await points("gen_ai.client.token.usage")).toMatchObject([
    { attributes: { ...attributes, "gen_ai.token.type": "input" }, sum: 8, count: 1 },
  ]);
});

test("error.type goes with failures only, not with what the caller stopped", async () => {
  sink.handle(failed("error", "429"));
  sink.handle(failed("aborted", "APIUserAbortError"));

  expect((await points("gen_ai.client.operation.duration")).map((p) => p.attributes)).toEqual([
    { ...base, "error.type": "429" },
    base,
  ]);
});

test("other events are not its business", async () => {
  const event: Event = {
    id: "1",
    type: "system_started",
    category: "system",
    timestamp: 0,
    data: { version: "1" },
  };

  sink.handle(event);

  expect(await points("gen_ai.client.operation.duration")).toEqual([]);
});

test("bounds models that come from the wire, by number and by length", async () => {
  const meter = new MeterProvider({ readers: [(reader = new PullReader())] }).getMeter("test");
  const bounded = createGenAiMetricsSink(meter, 2);
  for (const responseModel of ["a", "b", "c", "d".repeat(1001)]) {
    bounded.handle(completed({ ...fullAnswer, responseModel }));
  }

  const recorded = await points(genAiMetrics.operationDuration.name);

  const models = recorded.map(({ attributes }) => attributes["gen_ai.response.model"]);
  expect(models).toEqual(["a", "b", "other"]);
  expect(bounded.limiter.overflowed).toBe(2);
});
