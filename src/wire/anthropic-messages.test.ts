import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anthropicMessages } from "./anthropic-messages.ts";

const PATH = "/v1/messages";

describe("Anthropic messages: request", () => {
  it("matches the endpoint, and neither batches nor the counting of tokens", () => {
    expect(anthropicMessages.matches("POST", PATH)).toBe(true);
    expect(anthropicMessages.matches("POST", "/anthropic/v1/messages")).toBe(true);
    expect(anthropicMessages.matches("GET", PATH)).toBe(false);
    expect(anthropicMessages.matches("POST", "/v1/messages/count_tokens")).toBe(false);
    expect(anthropicMessages.matches("POST", "/v1/messages/batches")).toBe(false);
  });

  it("tells a request of its own from messages to somebody else", () => {
    const body = { model: "claude-sonnet-4-5", max_tokens: 10, messages: [] };
    expect(anthropicMessages.recognizes?.(body)).toBe(true);
    expect(anthropicMessages.recognizes?.({ to: "+4900", messages: ["Hi"] })).toBe(false);
    expect(anthropicMessages.recognizes?.(undefined)).toBe(false);
  });

  it("reads what was sent, and no prompt text", () => {
    const request = anthropicMessages.readRequest(
      {
        model: "claude-sonnet-4-5",
        stream: true,
        system: "secret",
        messages: [{ role: "user", content: "secret" }],
        tools: [{ name: "f", input_schema: {} }],
        temperature: 0,
        top_p: 0.5,
        top_k: 40,
        max_tokens: 100,
        stop_sequences: ["END", 7],
        thinking: { type: "enabled", budget_tokens: 2048 },
        output_config: { effort: "high", format: { type: "json_schema", schema: {} } },
        service_tier: "standard_only",
      },
      PATH,
    );
    expect(request).toEqual({
      operation: "chat",
      model: "claude-sonnet-4-5",
      stream: true,
      messagesCount: 1,
      toolsCount: 1,
      parameters: {
        temperature: 0,
        topP: 0.5,
        topK: 40,
        maxTokens: 100,
        stopSequences: ["END"],
        outputType: "json",
        reasoningLevel: "high",
        serviceTier: "standard_only",
      },
    });
    expect(JSON.stringify(request)).not.toContain("secret");
  });

  it("reads anything without throwing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        anthropicMessages.recognizes?.(body);
        anthropicMessages.readRequest(body, PATH);
        anthropicMessages.readResponse(body);
      }),
    );
  });
});

describe("Anthropic messages: response", () => {
  it("adds what was read from and written to the cache to the input", () => {
    expect(
      anthropicMessages.readResponse({
        id: "msg_1",
        type: "message",
        model: "claude-sonnet-4-5-20250929",
        content: [
          { type: "thinking", thinking: "secret" },
          { type: "text", text: "secret" },
          { type: "tool_use", id: "toolu_1", name: "f", input: {} },
          { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} },
        ],
        stop_reason: "tool_use",
        usage: {
          input_tokens: 10,
          cache_read_input_tokens: 60,
          cache_creation_input_tokens: 30,
          cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 0 },
          output_tokens: 20,
          output_tokens_details: { thinking_tokens: 5 },
          service_tier: "standard",
        },
      }),
    ).toEqual({
      id: "msg_1",
      model: "claude-sonnet-4-5-20250929",
      finishReasons: ["tool_use"],
      toolCallsCount: 1,
      serviceTier: "standard",
      usage: {
        inputTokens: 100,
        outputTokens: 20,
        cacheReadTokens: 60,
        cacheWriteTokens: 30,
        reasoningTokens: 5,
      },
    });
  });

  it("reads usage without a cache, where it is null", () => {
    const usage = { input_tokens: 10, cache_read_input_tokens: null, output_tokens: 2 };
    expect(anthropicMessages.readResponse({ usage }).usage).toEqual({
      inputTokens: 10,
      outputTokens: 2,
    });
  });

  it.each([
    ["a type", { type: "overloaded_error", message: "secret" }, "overloaded_error"],
    ["none", { message: "secret" }, "_OTHER"],
  ])("names an error with %s by a low-cardinality word", (_name, error, expected) => {
    expect(anthropicMessages.readResponse({ type: "error", error }).errorType).toBe(expected);
  });
});
