import { expect, it } from "vitest";
import { boundResponse } from "./bound-response.ts";

it("leaves an ordinary answer as it is", () => {
  const response = {
    id: "chatcmpl-1",
    model: "gpt-4o-2024-08-06",
    finishReasons: ["stop", "tool_calls", "MAX_TOKENS"],
    toolCallsCount: 1,
    usage: { inputTokens: 1 },
    serviceTier: "default",
    systemFingerprint: "fp_1",
  };
  expect(boundResponse(response)).toEqual(response);
});

it("takes no text for a word, and no novel for a name", () => {
  expect(
    boundResponse({
      id: "x".repeat(257),
      model: "m".repeat(256),
      finishReasons: ["the answer was: secret", "x".repeat(200_000)],
      toolCallsCount: 0,
      systemFingerprint: "f".repeat(1000),
    }),
  ).toEqual({ model: "m".repeat(256), finishReasons: ["_OTHER", "_OTHER"], toolCallsCount: 0 });
});
