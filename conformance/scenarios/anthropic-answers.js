import { ANY } from "./scenario.js";

/** What Anthropic answers, with texts that no signal may hold, and what is to be reported of it. */
export const MODEL = "claude-sonnet-4-6";
export const ASK = {
  model: MODEL,
  max_tokens: 100,
  system: "canary-system",
  messages: [{ role: "user", content: "canary-prompt" }],
};
export const STREAM = { ...ASK, stream: true };
const AT_START = { input_tokens: 10, cache_creation_input_tokens: 30, cache_read_input_tokens: 60 };
export const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: MODEL,
  content: [{ type: "text", text: "canary-answer" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { ...AT_START, output_tokens: 20, service_tier: "standard" },
};
const HEADERS = { "content-type": "application/json", "request-id": "req_1" };

export function json(body, answer = {}) {
  return { headers: HEADERS, parts: [JSON.stringify(body)], ...answer };
}
export const ok = json(MESSAGE);
export const failure = (status, type, headers = {}) =>
  json(
    { type: "error", error: { type, message: "canary-error" } },
    { status, headers: { ...HEADERS, ...headers } },
  );

export const list = [
  {
    type: "message_start",
    message: {
      ...MESSAGE,
      content: [],
      stop_reason: null,
      usage: { ...AT_START, output_tokens: 1 },
    },
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "ping" },
  ...["canary-answer ", "in ", "pieces"].map((text) => ({
    type: "content_block_delta",
    index: 0,
    delta: { type: "text_delta", text },
  })),
  { type: "content_block_stop", index: 0 },
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 20 },
  },
  { type: "message_stop" },
];
export function sse(events, answer = {}) {
  const parts = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return {
    headers: { "content-type": "text/event-stream; charset=utf-8", "request-id": "req_1" },
    parts,
    ...answer,
  };
}
export const streamed = sse(list);
export const hanging = sse(list.slice(0, 6), { ending: "hang" });

export const chat = (differs = {}) => ({
  operation: "chat",
  provider: "anthropic",
  model: MODEL,
  responseModel: MODEL,
  outcome: "success",
  stream: false,
  usage: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 60, cacheWriteTokens: 30 },
  finishReasons: ["end_turn"],
  attempts: ["ok"],
  ...differs,
});
export const streamedChat = (differs = {}) => chat({ stream: true, ...differs });
export const unanswered = (differs) =>
  chat({ responseModel: undefined, usage: undefined, finishReasons: [], ...differs });
export const failed = (errorType, attempts) =>
  unanswered({ outcome: "error", errorType, attempts });
/** A stream that did not end: what was told at its start is known. */
export const partly = (differs) => streamedChat({ usage: ANY, finishReasons: [], ...differs });
export const left = partly({ outcome: "abandoned", errorType: "left_early" });
