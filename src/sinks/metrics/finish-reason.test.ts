import { expect, test } from "vitest";
import { finishReasonOf } from "./finish-reason.ts";

test.each([
  ["OpenAI", "stop", "stop"],
  ["OpenAI", "length", "length"],
  ["OpenAI", "tool_calls", "tool_call"],
  ["OpenAI", "content_filter", "content_filter"],
  ["OpenAI responses", "max_output_tokens", "length"],
  ["Anthropic", "end_turn", "stop"],
  ["Anthropic", "max_tokens", "length"],
  ["Anthropic", "tool_use", "tool_call"],
  ["Anthropic", "refusal", "content_filter"],
  ["Anthropic", "pause_turn", "other"],
  ["Gemini", "STOP", "stop"],
  ["Gemini", "MAX_TOKENS", "length"],
  ["Gemini", "SAFETY", "content_filter"],
  ["Gemini", "MALFORMED_FUNCTION_CALL", "other"],
  ["Ollama", "length", "length"],
  ["nobody", "constructor", "other"],
])("%s's %s is %s", (_provider, word, reason) => {
  expect(finishReasonOf(word)).toBe(reason);
});
