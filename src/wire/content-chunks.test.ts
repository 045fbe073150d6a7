import { expect, it } from "vitest";
import { anthropicMessageStreamReader } from "./anthropic-message-stream.ts";
import { geminiStreamReader } from "./gemini-stream.ts";
import { ollamaStreamReader } from "./ollama-stream.ts";
import { openAiChatStreamReader } from "./openai-chat-stream.ts";
import { openAiMediaStreamReader } from "./openai-media-stream.ts";
import { openAiResponsesStreamReader } from "./openai-responses-stream.ts";
import type { StreamReader } from "./wire-reader.ts";

const choice = (delta: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const block = (delta: object) => ({ type: "content_block_delta", index: 0, delta });
const candidate = (parts: object[], more: object = {}) => ({
  candidates: [{ index: 0, content: { parts }, ...more }],
});
const message = (content: string, done = false) => ({ message: { content }, done });

it.each<[string, () => StreamReader, readonly object[], number]>([
  [
    "chat completions",
    openAiChatStreamReader,
    [
      choice({ role: "assistant", content: "" }),
      choice({ content: "a" }),
      choice({ content: "b" }),
      choice({ tool_calls: [{ index: 0, function: { name: "f", arguments: "" } }] }),
      choice({}, "stop"),
      { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
    ],
    3,
  ],
  [
    "responses",
    openAiResponsesStreamReader,
    [
      { type: "response.created", response: { id: "r" } },
      { type: "response.output_text.delta", delta: "a" },
      { type: "response.output_text.delta", delta: "b" },
      { type: "response.output_text.done", text: "ab" },
      { type: "response.completed", response: { id: "r", status: "completed" } },
    ],
    2,
  ],
  [
    "messages",
    anthropicMessageStreamReader,
    [
      { type: "message_start", message: { id: "m" } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      block({ type: "text_delta", text: "a" }),
      block({ type: "text_delta", text: "b" }),
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
      { type: "message_stop" },
    ],
    2,
  ],
  [
    "Gemini",
    geminiStreamReader,
    [
      candidate([{ text: "a" }]),
      candidate([{ text: "b" }]),
      candidate([{ text: "c" }], { finishReason: "STOP" }),
    ],
    3,
  ],
  [
    "Ollama",
    ollamaStreamReader,
    [message("a"), message("b"), { ...message("", true), done_reason: "stop" }],
    2,
  ],
  [
    "media",
    openAiMediaStreamReader,
    [
      { type: "speech.audio.delta", audio: "AAAA" },
      { type: "speech.audio.delta", audio: "AAAA" },
      { type: "speech.audio.done", usage: { input_tokens: 1, output_tokens: 2 } },
    ],
    2,
  ],
])("a stream of %s has a chunk for each event with content", (_format, open, events, expected) => {
  const reader = open();
  for (const event of events) reader.push(JSON.stringify(event));
  expect(reader.contentChunks).toBe(expected);
  expect(reader.contentStarted).toBe(true);
});

it.each<[string, () => StreamReader, object]>([
  ["chat completions", openAiChatStreamReader, choice({ reasoning_content: "Hm" })],
  ["chat completions of a router", openAiChatStreamReader, choice({ reasoning: "Hm" })],
  [
    "responses",
    openAiResponsesStreamReader,
    { type: "response.reasoning_summary_text.delta", delta: "Hm" },
  ],
  [
    "messages",
    anthropicMessageStreamReader,
    { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
  ],
  ["Gemini", geminiStreamReader, candidate([{ text: "Hm", thought: true }])],
])("a stream of %s says that it shows its reasoning", (_format, open, event) => {
  const reader = open();
  expect(reader.response()).not.toHaveProperty("reasoningStreamed");
  reader.push(JSON.stringify(event));
  expect(reader.response().reasoningStreamed).toBe(true);
});
