import { expect, test } from "vitest";
import { MODERATION } from "../../test/support/openai-media.ts";
import { openAiModerations } from "./openai-moderations.ts";

test("a moderation is asked for with inputs, and a model if need be", () => {
  expect(openAiModerations.matches("POST", "/v1/moderations")).toBe(true);
  expect(openAiModerations.matches("GET", "/v1/moderations")).toBe(false);
  const body = { model: "omni-moderation-latest", input: ["a", "b"] };
  expect(openAiModerations.readRequest(body, "/v1/moderations")).toEqual({
    operation: "moderation",
    model: "omni-moderation-latest",
    stream: false,
    messagesCount: 2,
    toolsCount: 0,
    parameters: {},
  });
  expect(openAiModerations.readRequest({ input: "a" }, "").model).toBeUndefined();
  expect(openAiModerations.recognizes?.(body)).toBe(true);
  expect(openAiModerations.recognizes?.({ comment: 1 })).toBe(false);
});

test("a moderation has a model and no tokens", () => {
  expect(openAiModerations.readResponse(MODERATION)).toEqual({
    id: MODERATION.id,
    model: "omni-moderation-latest",
    finishReasons: [],
    toolCallsCount: 0,
  });
});
