import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openAiResponses } from "./openai-responses.ts";

describe("OpenAI responses: request", () => {
  it("matches making a response, and nothing that is done with one", () => {
    expect(openAiResponses.matches("POST", "/v1/responses")).toBe(true);
    expect(openAiResponses.matches("POST", "/openai/v1/responses")).toBe(true);
    expect(openAiResponses.matches("GET", "/v1/responses")).toBe(false);
    expect(openAiResponses.matches("GET", "/v1/responses/resp_1")).toBe(false);
    expect(openAiResponses.matches("POST", "/v1/responses/resp_1/cancel")).toBe(false);
    expect(openAiResponses.matches("POST", "/v1/responses/input_tokens")).toBe(false);
  });

  it("is told from the responses of another service by its model", () => {
    expect(openAiResponses.recognizes?.({ model: "gpt-4o", input: "Hi" })).toBe(true);
    expect(openAiResponses.recognizes?.({ model: "gpt-4o", prompt: { id: "pmpt_1" } })).toBe(true);
    expect(openAiResponses.recognizes?.({ answers: [1, 2] })).toBe(false);
    expect(openAiResponses.recognizes?.(undefined)).toBe(false);
  });

  it("reads what was sent, and no prompt text", () => {
    const request = openAiResponses.readRequest(
      {
        model: "o4-mini",
        stream: true,
        instructions: "secret",
        input: [
          { role: "user", content: "secret" },
          { type: "function_call_output", call_id: "call_1", output: "secret" },
        ],
        tools: [{ type: "function", name: "f" }, { type: "web_search" }],
        temperature: 0,
        top_p: 0.5,
        max_output_tokens: 20,
        reasoning: { effort: "high", summary: "auto" },
        text: { format: { type: "json_schema", name: "secret", schema: {} } },
        service_tier: "flex",
        conversation: { id: "conv_1" },
        previous_response_id: "resp_0",
      },
      "/v1/responses",
    );
    expect(request).toEqual({
      operation: "chat",
      model: "o4-mini",
      stream: true,
      messagesCount: 2,
      toolsCount: 2,
      parameters: {
        temperature: 0,
        topP: 0.5,
        maxTokens: 20,
        outputType: "json",
        reasoningLevel: "high",
        serviceTier: "flex",
      },
      conversationId: "conv_1",
      previousResponseId: "resp_0",
    });
    expect(JSON.stringify(request)).not.toContain("secret");
  });

  it.each([
    ["text", "Hi", 1],
    ["items", [{}, {}, {}], 3],
    ["nothing", undefined, 0],
  ])("counts input given as %s", (_what, input, count) => {
    const { messagesCount } = openAiResponses.readRequest({ model: "m", input }, "/v1/responses");
    expect(messagesCount).toBe(count);
  });

  it("reads a conversation given by its id alone", () => {
    const request = openAiResponses.readRequest({ conversation: "conv_2" }, "/v1/responses");
    expect(request.conversationId).toBe("conv_2");
  });

  it("reads anything without throwing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        openAiResponses.recognizes?.(body);
        openAiResponses.readRequest(body, "/v1/responses");
        openAiResponses.readResponse(body);
      }),
    );
  });
});

describe("OpenAI responses: response", () => {
  it("reads model, end, tool calls and inclusive usage", () => {
    expect(
      openAiResponses.readResponse({
        id: "resp_1",
        object: "response",
        status: "completed",
        error: null,
        incomplete_details: null,
        model: "o4-mini-2025-04-16",
        service_tier: "default",
        output: [
          { type: "reasoning", summary: [] },
          { type: "web_search_call", status: "completed" },
          { type: "function_call", name: "f", arguments: "secret" },
          { type: "custom_tool_call", name: "g", input: "secret" },
          { type: "message", content: [{ type: "output_text", text: "secret" }] },
        ],
        usage: {
          input_tokens: 100,
          input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
          output_tokens: 20,
          output_tokens_details: { reasoning_tokens: 5 },
          total_tokens: 120,
        },
      }),
    ).toEqual({
      id: "resp_1",
      model: "o4-mini-2025-04-16",
      serviceTier: "default",
      finishReasons: ["stop"],
      toolCallsCount: 2,
      usage: {
        inputTokens: 100,
        outputTokens: 20,
        cacheReadTokens: 60,
        cacheWriteTokens: 10,
        reasoningTokens: 5,
      },
    });
  });

  it.each([
    ["completed", {}, ["stop"]],
    ["incomplete", { reason: "max_output_tokens" }, ["max_output_tokens"]],
    ["incomplete", { reason: "content_filter" }, ["content_filter"]],
    ["incomplete", {}, ["incomplete"]],
    ["queued", null, []],
    ["in_progress", null, []],
  ])("with status %s and details %j has finish reasons %j", (status, details, finishReasons) => {
    const response = openAiResponses.readResponse({ status, incomplete_details: details });
    expect(response.finishReasons).toEqual(finishReasons);
    expect(response.errorType).toBeUndefined();
  });

  it.each([
    [
      "its code",
      { status: "failed", error: { code: "server_error", message: "s" } },
      "server_error",
    ],
    ["nothing", { status: "failed", error: null }, "_OTHER"],
    ["its status", { status: "cancelled", error: null }, "cancelled"],
    ["its type", { error: { code: null, type: "invalid_request_error" } }, "invalid_request_error"],
    ["a sentence", { status: "failed", error: { code: "the secret prompt" } }, "_OTHER"],
  ])("that failed is named by %s", (_what, body, errorType) => {
    expect(openAiResponses.readResponse(body)).toMatchObject({ errorType, finishReasons: [] });
  });

  it("leaves out usage that is no count", () => {
    const usage = { input_tokens: "12", output_tokens: -1, output_tokens_details: [] };
    expect(openAiResponses.readResponse({ usage }).usage).toBeUndefined();
  });
});
