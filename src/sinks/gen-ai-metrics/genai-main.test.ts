import { DataPointType, MeterProvider, type MetricData } from "@opentelemetry/sdk-metrics";
import { beforeEach, expect, test } from "vitest";
import { completed, failed, fullAnswer, plainAnswer } from "../../../test/support/llm-events.ts";
import { PullReader } from "../../../test/support/pull-reader.ts";
import type { Sink } from "../../events/index.ts";
import { semconvProfiles } from "../../semconv/index.ts";
import { createGenAiMetricsSink } from "./gen-ai-metrics-sink.ts";

let reader: PullReader;
let sink: Sink;

beforeEach(() => {
  reader = new PullReader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter("test");
  sink = createGenAiMetricsSink(meter, 200, semconvProfiles["genai-main"]);
});

/** Sums by metric, and by modality where there is one. */
async function sums(): Promise<Record<string, unknown>> {
  const { resourceMetrics } = await reader.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  return Object.fromEntries(metrics.map((metric) => [metric.descriptor.name, sumsOf(metric)]));
}

function sumsOf(metric: MetricData): unknown {
  if (metric.dataPointType === DataPointType.HISTOGRAM) {
    return metric.dataPoints.map(({ value }) => value.sum);
  }
  const points = metric.dataPoints.map(({ attributes, value }) => [
    attributes["gen_ai.token.modality"],
    value,
  ]);
  return Object.fromEntries(points) as unknown;
}

test("an answer is in the newer names alone", async () => {
  sink.handle(completed(fullAnswer));

  expect(await sums()).toEqual({
    "gen_ai.client.inference.duration": [2.5],
    "gen_ai.client.inference.time_to_first_chunk": [0.4],
    "gen_ai.client.inference.operation.input_tokens": [1000],
    "gen_ai.client.inference.operation.output_tokens": [300],
    "gen_ai.client.inference.usage.input_tokens": { unknown: 1000 },
    "gen_ai.client.inference.usage.output_tokens": { unknown: 300 },
    "gen_ai.client.inference.usage.cache_read.input_tokens": { unknown: 400 },
    "gen_ai.client.inference.usage.cache_write.input_tokens": { unknown: 100 },
    "gen_ai.client.inference.usage.reasoning.output_tokens": { unknown: 120 },
  });
});

test("tokens are counted by what they are of", async () => {
  const usage = { inputTokens: 300, inputTextTokens: 100, inputImageTokens: 200 };
  sink.handle(completed({ ...plainAnswer, usage }));
  sink.handle(completed({ ...plainAnswer, usage }));

  expect(await sums()).toMatchObject({
    "gen_ai.client.inference.usage.input_tokens": { text: 200, image: 400 },
  });
});

test("a failed call counts no tokens, and has none in the histograms", async () => {
  sink.handle(failed("error", "429"));

  expect(await sums()).toEqual({
    "gen_ai.client.inference.duration": [1],
    "gen_ai.client.inference.usage.input_tokens": { unknown: 0 },
    "gen_ai.client.inference.usage.output_tokens": { unknown: 0 },
  });
});

test("unknown usage is not 0", async () => {
  sink.handle(completed(plainAnswer));
  sink.handle(failed("abandoned", "left_early"));

  expect(await sums()).toEqual({ "gen_ai.client.inference.duration": [2] });
});

test("embeddings have metrics of their own, and what has no name keeps the old one", async () => {
  sink.handle(completed({ ...plainAnswer, operation: "embeddings", usage: { inputTokens: 8 } }));
  sink.handle(completed({ ...plainAnswer, operation: "moderation" }));

  expect(await sums()).toEqual({
    "gen_ai.client.embeddings.duration": [1],
    "gen_ai.client.embeddings.operation.input_tokens": [8],
    "gen_ai.client.operation.duration": [1],
  });
});
