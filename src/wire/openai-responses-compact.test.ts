import { expect, test } from "vitest";
import { COMPACTION } from "../../test/support/openai-media.ts";
import { openAiResponsesCompact } from "./openai-responses-compact.ts";

test("compacting a conversation costs tokens", () => {
  const body = { model: "gpt-5.1", input: [{}, {}], previous_response_id: "resp_000" };
  expect(openAiResponsesCompact.matches("POST", "/v1/responses/compact")).toBe(true);
  expect(openAiResponsesCompact.matches("POST", "/v1/responses")).toBe(false);
  expect(openAiResponsesCompact.readRequest(body, "/v1/responses/compact")).toEqual({
    operation: "chat",
    model: "gpt-5.1",
    stream: false,
    messagesCount: 2,
    toolsCount: 0,
    parameters: {},
    previousResponseId: "resp_000",
  });
  expect(openAiResponsesCompact.readResponse(COMPACTION)).toEqual({
    id: "resp_001",
    finishReasons: [],
    toolCallsCount: 0,
    usage: { inputTokens: 139, outputTokens: 438, cacheReadTokens: 0, reasoningTokens: 64 },
  });
});
