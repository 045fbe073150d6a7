import { expect, test } from "vitest";
import { fullCall, plainCall } from "../../../test/support/llm-events.ts";
import { requestAttributes } from "../../../test/support/span-attributes.ts";

test("a plain call has the required attributes and nothing invented", () => {
  expect(requestAttributes(plainCall)).toEqual({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "server.address": "api.openai.com",
    "server.port": 443,
    "openai.api.type": "chat_completions",
  });
});

test("a full call has every parameter, the context and the correlation id", () => {
  expect(requestAttributes(fullCall, "correlation-1")).toEqual({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "server.address": "api.openai.com",
    "server.port": 443,
    "gen_ai.request.stream": true,
    "gen_ai.request.temperature": 0.2,
    "gen_ai.request.top_p": 0.9,
    "gen_ai.request.top_k": 40,
    "gen_ai.request.max_tokens": 100,
    "gen_ai.request.frequency_penalty": 0.1,
    "gen_ai.request.presence_penalty": 0.3,
    "gen_ai.request.seed": 7,
    "gen_ai.request.choice.count": 2,
    "gen_ai.request.stop_sequences": ["\n"],
    "gen_ai.request.reasoning.level": "high",
    "gen_ai.output.type": "json",
    "gen_ai.conversation.id": "conv_1",
    "gen_ai.request.previous_response.id": "resp_0",
    "openai.api.type": "chat_completions",
    "openai.request.service_tier": "flex",
    "session.id": "session-1",
    "user.id": "user-1",
    "rlm.tags": ["beta", "eu"],
    "rlm.metadata.plan": "pro",
    "rlm.metadata.seats": 3,
    "rlm.metadata.trial": false,
    "rlm.correlation.id": "correlation-1",
  });
});

test("a session of the application is the conversation, unless the provider keeps one", () => {
  const context = { sessionId: "session-1" };
  expect(requestAttributes({ ...plainCall, context })).toEqual({
    ...requestAttributes(plainCall),
    "session.id": "session-1",
    "gen_ai.conversation.id": "session-1",
  });
});

test("embeddings have their dimensions and encoding, and no API type", () => {
  const attributes = requestAttributes({
    ...plainCall,
    operation: "embeddings",
    wireFormat: "openai.embeddings",
    parameters: { dimensionCount: 256, encodingFormat: "base64" },
  });
  expect(attributes).toEqual({
    "gen_ai.operation.name": "embeddings",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "server.address": "api.openai.com",
    "server.port": 443,
    "gen_ai.embeddings.dimension.count": 256,
    "gen_ai.request.encoding_formats": ["base64"],
  });
});

test.each([
  ["openai.chat_completions", "chat_completions"],
  ["openai.responses", "responses"],
  ["openai.embeddings", undefined],
])("the API type of %s is %s", (wireFormat, apiType) => {
  expect(requestAttributes({ ...plainCall, wireFormat })["openai.api.type"]).toBe(apiType);
});

test("one choice and the tier `auto` are the defaults and are not told", () => {
  const attributes = requestAttributes({
    ...plainCall,
    parameters: { choiceCount: 1, serviceTier: "auto" },
  });

  expect(attributes).toEqual(requestAttributes(plainCall));
});

test("openai attributes stay off the spans of other providers", () => {
  const attributes = requestAttributes({ ...fullCall, provider: "groq" });

  expect(Object.keys(attributes).filter((name) => name.startsWith("openai."))).toEqual([]);
});

test("metadata can't crowd out usage and cost: 64 keys at the most", () => {
  const metadata = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, 1]));

  const attributes = requestAttributes({ ...plainCall, context: { metadata } });

  const kept = Object.keys(attributes).filter((name) => name.startsWith("rlm.metadata."));
  expect(kept).toHaveLength(64);
  expect(kept[0]).toBe("rlm.metadata.k0");
});
