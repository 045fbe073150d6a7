import { SpanKind } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type OpenAI from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { toLangfuseSpan } from "../../src/sinks/langfuse/to-langfuse-span.ts";
import { createSpanAround } from "../../src/sinks/spans/index.ts";
import { type OpenAiFixture, startOpenAiFixture } from "../support/openai-fixture.ts";
import { responseObject } from "../support/openai-responses.ts";
import { json } from "../support/scripted-server.ts";

let exporter: InMemorySpanExporter;
let fixture: OpenAiFixture;

beforeEach(async () => {
  exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  fixture = await startOpenAiFixture("openai", {
    around: createSpanAround(provider.getTracer("test")),
  });
});

afterEach(() => fixture.close());

/** The only span of `call`, and what Langfuse makes of it. */
async function spanOf(answer: object, call: (client: OpenAI) => PromiseLike<unknown>) {
  fixture.server.answers = [json(answer)];
  await call(fixture.client());
  await fixture.onlyEnd();
  const [span, ...others] = exporter.getFinishedSpans();
  if (span === undefined || others.length > 0) throw new Error("not one span");
  expect(span.kind).toBe(SpanKind.CLIENT);
  const {
    "rlm.correlation.id": _id,
    "rlm.response.headers_seconds": headersSeconds,
    ...attributes
  } = span.attributes;
  expect(headersSeconds).toBeGreaterThan(0);
  const observationType = toLangfuseSpan(span).attributes["langfuse.observation.type"];
  return { name: span.name, attributes, observationType };
}

function server() {
  return { "server.address": "127.0.0.1", "server.port": fixture.server.port };
}

const ended = { "http.response.status_code": 200, "rlm.outcome": "success" };

test("a response is a chat by the Responses API, and a generation in Langfuse", async () => {
  const span = await spanOf(responseObject("completed"), (client) =>
    client.responses.create({
      model: "gpt-4o-mini",
      input: "Hi",
      reasoning: { effort: "high" },
      previous_response_id: "resp_0",
    }),
  );
  expect(span).toEqual({
    name: "chat gpt-4o-mini",
    observationType: "generation",
    attributes: {
      ...server(),
      ...ended,
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.request.reasoning.level": "high",
      "gen_ai.request.previous_response.id": "resp_0",
      "gen_ai.response.id": "resp_1",
      "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 20,
      "gen_ai.usage.cache_read.input_tokens": 60,
      "gen_ai.usage.reasoning.output_tokens": 5,
      "openai.api.type": "responses",
      "openai.response.service_tier": "default",
    },
  });
});

test("embeddings have dimensions, encoding and input tokens, and are embeddings in Langfuse", async () => {
  const answer = {
    object: "list",
    data: [{ object: "embedding", index: 0, embedding: [0.5] }],
    model: "text-embedding-3-small",
    usage: { prompt_tokens: 8, total_tokens: 8 },
  };
  const span = await spanOf(answer, (client) =>
    client.embeddings.create({
      model: "text-embedding-3-small",
      input: "Hi",
      dimensions: 1,
      encoding_format: "float",
    }),
  );
  expect(span).toEqual({
    name: "embeddings text-embedding-3-small",
    observationType: "embedding",
    attributes: {
      ...server(),
      ...ended,
      "gen_ai.operation.name": "embeddings",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "text-embedding-3-small",
      "gen_ai.embeddings.dimension.count": 1,
      "gen_ai.request.encoding_formats": ["float"],
      "gen_ai.response.model": "text-embedding-3-small",
      "gen_ai.usage.input_tokens": 8,
    },
  });
});

test("a legacy completion is a text completion, and a generation in Langfuse", async () => {
  const answer = {
    id: "cmpl-1",
    object: "text_completion",
    model: "gpt-3.5-turbo-instruct",
    choices: [{ text: "Hi", index: 0, logprobs: null, finish_reason: "length" }],
    usage: { prompt_tokens: 4, completion_tokens: 1, total_tokens: 5 },
  };
  const span = await spanOf(answer, (client) =>
    client.completions.create({ model: "gpt-3.5-turbo-instruct", prompt: "Hi", max_tokens: 1 }),
  );
  expect(span).toEqual({
    name: "text_completion gpt-3.5-turbo-instruct",
    observationType: "generation",
    attributes: {
      ...server(),
      ...ended,
      "gen_ai.operation.name": "text_completion",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-3.5-turbo-instruct",
      "gen_ai.request.max_tokens": 1,
      "gen_ai.response.id": "cmpl-1",
      "gen_ai.response.model": "gpt-3.5-turbo-instruct",
      "gen_ai.response.finish_reasons": ["length"],
      "gen_ai.usage.input_tokens": 4,
      "gen_ai.usage.output_tokens": 1,
    },
  });
});
