import { describe, expect, it } from "vitest";
import { failed, plainAnswer } from "../../../test/support/llm-events.ts";
import type { LlmTerminalData } from "../../events/index.ts";
import { finishReasons } from "./finish-reasons.ts";

const cut = failed("truncated", "ECONNRESET").data;

function reasons(data: Partial<LlmTerminalData>): string[] {
  return finishReasons({ ...cut, ...data }, "error");
}

describe("with a word for missing reasons", () => {
  it("a cut answer has it in the place of each choice that told none", () => {
    const told = { finishReasons: ["stop", "length"], openChoices: [1, 3] };
    expect(reasons(told)).toEqual(["stop", "error", "length", "error"]);
  });

  it("choices that were asked for and never began have it, too", () => {
    expect(reasons({})).toEqual(["error"]);
    expect(reasons({ parameters: { choiceCount: 3 }, finishReasons: ["stop"] })).toEqual([
      "stop",
      "error",
      "error",
    ]);
  });

  it.each<[string, Partial<LlmTerminalData>]>([
    ["was never answered", { httpStatus: 500 }],
    ["has no choices", { operation: "embeddings" }],
    ["came to its end", { outcome: "success" }],
  ])("a call that %s has what it told", (_what, data) => {
    expect(reasons(data)).toEqual([]);
    expect(reasons({ ...data, finishReasons: ["stop"] })).toEqual(["stop"]);
  });
});

it("without one, there is what was told", () => {
  const data = { ...cut, finishReasons: ["stop"], openChoices: [1] };
  expect(finishReasons(data, undefined)).toEqual(["stop"]);
  expect(finishReasons(plainAnswer, undefined)).toEqual(["stop"]);
});
