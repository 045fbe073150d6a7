import { samplesOf } from "../../../test/support/samples-of.ts";
import { expect, it } from "vitest";
import { plainAnswer } from "../../../test/support/llm-events.ts";
import type { LlmTerminalData } from "../../events/index.ts";
import { CHUNK_GAP_BOUNDS, semconvProfiles } from "../../semconv/index.ts";
import { createChunkGapMetric } from "./chunk-gaps.ts";

const gapCounts = Array.from({ length: CHUNK_GAP_BOUNDS.length + 1 }, (_, index) =>
  index === 1 ? 3 : 0,
);
const streamed: LlmTerminalData = {
  ...plainAnswer,
  stream: true,
  outputChunks: { count: 4, generationMs: 60, gapCounts },
};
const LABELS = {
  gen_ai_operation_name: "chat",
  gen_ai_provider_name: "openai",
  gen_ai_request_model: "gpt-4o",
  gen_ai_response_model: "",
  server_address: "api.openai.com",
  server_port: "443",
};

function metric(maxLabelValues = 200) {
  const { family, record } = createChunkGapMetric(semconvProfiles["v1.41"], maxLabelValues);
  const sample = (suffix: string) =>
    samplesOf(family).filter(
      ({ metricName }) => metricName === `${family.definition.name}_${suffix}`,
    );
  return { family, record, sample };
}

it("adds up the gaps of streams in the standard histogram", () => {
  const { record, sample, family } = metric();
  record(streamed);
  record(streamed);
  expect(family.definition.name).toBe("gen_ai_client_operation_time_per_output_chunk");
  expect(sample("count")).toMatchObject([{ value: 6, labels: LABELS }]);
  expect(sample("sum")).toMatchObject([{ value: 0.12, labels: LABELS }]);
  const bounds = sample("bucket").map(({ labels, value }) => [labels["le"], value]);
  expect(bounds.slice(0, 3)).toEqual([
    [0.01, 0],
    [0.02, 6],
    [0.04, 6],
  ]);
});

it("has nothing of what was not streamed, or came in one chunk", () => {
  const { record, family } = metric();
  record(plainAnswer);
  record({ ...streamed, outputChunks: { count: 1, generationMs: 0, gapCounts: [] } });
  expect(samplesOf(family)).toEqual([]);
});

it("is named by the version of the conventions", () => {
  const { family } = createChunkGapMetric(semconvProfiles["genai-main"], 200);
  expect(family.definition.name).toBe("gen_ai_client_inference_time_per_output_chunk");
});

it("is bounded, however many models and addresses there are", () => {
  const { record, sample } = metric(1_000);
  for (let model = 0; model < 400; model += 1) record({ ...streamed, model: `m${model}` });
  expect(sample("count")).toHaveLength(301);
  expect(sample("count").at(-1)).toMatchObject({
    value: 300,
    labels: { gen_ai_request_model: "other", server_port: "other" },
  });
});
