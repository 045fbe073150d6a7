import { expect, test } from "vitest";
import { failed, fullAnswer, plainAnswer } from "../../../test/support/llm-events.ts";
import { semconvProfiles } from "../../semconv/index.ts";
import { responseAttributes } from "../../../test/support/span-attributes.ts";

test("an answer without usage and price claims neither", () => {
  expect(responseAttributes(plainAnswer)).toEqual({
    "rlm.outcome": "success",
    "http.response.status_code": 200,
    "gen_ai.response.finish_reasons": ["stop"],
  });
});

test("a full answer has usage, cost, timing in seconds and the number of resends", () => {
  expect(responseAttributes(fullAnswer)).toEqual({
    "rlm.outcome": "success",
    "gen_ai.response.id": "chatcmpl-1",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.response.finish_reasons": ["stop", "length"],
    "gen_ai.response.time_to_first_chunk": 0.4,
    "http.response.status_code": 200,
    "http.request.resend_count": 1,
    "rlm.response.headers_seconds": 0.3,
    "rlm.retry.backoff_seconds": 0.5,
    "openai.response.service_tier": "default",
    "openai.response.system_fingerprint": "fp_1",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 300,
    "gen_ai.usage.cache_read.input_tokens": 400,
    "gen_ai.usage.cache_creation.input_tokens": 100,
    "gen_ai.usage.cache_write.input_tokens": 100,
    "gen_ai.usage.reasoning.output_tokens": 120,
    "rlm.cost.total_usd": 0.0065,
    "rlm.cost.input_usd": 0.0035,
    "rlm.cost.output_usd": 0.003,
    "rlm.cost.source": "table",
    "rlm.cost.table_version": "0.1.8",
  });
});

test("tokens of other kinds than text are told, and audio that is billed by its length", () => {
  const usage = {
    inputTokens: 300,
    outputTokens: 100,
    inputTextTokens: 90,
    outputTextTokens: 10,
    inputAudioTokens: 10,
    outputAudioTokens: 20,
    inputImageTokens: 200,
    outputImageTokens: 70,
    inputAudioSeconds: 4.5,
  };
  expect(responseAttributes({ ...plainAnswer, usage })).toEqual({
    ...responseAttributes(plainAnswer),
    "gen_ai.usage.input_tokens": 300,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.usage.text.input_tokens": 90,
    "gen_ai.usage.text.output_tokens": 10,
    "gen_ai.usage.audio.input_tokens": 10,
    "gen_ai.usage.audio.output_tokens": 20,
    "gen_ai.usage.image.input_tokens": 200,
    "gen_ai.usage.image.output_tokens": 70,
    "rlm.usage.input_audio_seconds": 4.5,
  });
});

test("a known zero is told: free is not unknown", () => {
  const attributes = responseAttributes({
    ...plainAnswer,
    usage: { inputTokens: 0 },
    cost: { totalUsd: 0, inputUsd: 0, outputUsd: 0, source: "override" },
  });

  expect(attributes).toMatchObject({
    "gen_ai.usage.input_tokens": 0,
    "rlm.cost.total_usd": 0,
    "rlm.cost.source": "override",
  });
  expect(attributes).not.toHaveProperty("gen_ai.usage.output_tokens");
});

test("the names are those of the version of the conventions that is in force", () => {
  const profile = semconvProfiles["genai-main"];
  const { "gen_ai.usage.cache_creation.input_tokens": created, ...expected } =
    responseAttributes(fullAnswer);
  expect(created).toBe(100);
  expect(responseAttributes(fullAnswer, profile)).toEqual(expected);
});

test("a choice that never told its finish reason has one in the newer conventions alone", () => {
  const { data } = failed("truncated", "ECONNRESET");
  expect(responseAttributes(data)).not.toHaveProperty("gen_ai.response.finish_reasons");
  expect(responseAttributes(data, semconvProfiles["genai-main"])).toMatchObject({
    "gen_ai.response.finish_reasons": ["error"],
  });
});

test("estimated usage says so", () => {
  const usage = { inputTokens: 300, outputTokens: 100 };
  const told = responseAttributes({ ...plainAnswer, usage });
  expect(responseAttributes({ ...plainAnswer, usage: { ...usage, estimated: "all" } })).toEqual({
    ...told,
    "rlm.usage.estimated": true,
  });
});
