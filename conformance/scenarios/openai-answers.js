export { ANY } from "./scenario.js";

/** What OpenAI answers, with texts that no signal may hold. */
export const MODEL = "gpt-4o-mini";
export const SNAPSHOT = "gpt-4o-mini-2024-07-18";
const TEXT = ["canary-answer ", "in ", "four ", "pieces."];

/** Every text in it is a canary: found in a signal, it has leaked. */
export const CHAT = { model: MODEL, messages: [{ role: "user", content: "canary-prompt" }] };
export const STREAM = { ...CHAT, stream: true, stream_options: { include_usage: true } };

const WIRE_USAGE = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 60 },
  completion_tokens_details: { reasoning_tokens: 5 },
};
const USAGE = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 60, reasoningTokens: 5 };

/** What is to be reported of a chat that went well, but for what `differs`. */
export function chat(differs = {}) {
  return {
    operation: "chat",
    provider: "openai",
    model: MODEL,
    responseModel: SNAPSHOT,
    outcome: "success",
    errorType: undefined,
    stream: false,
    usage: USAGE,
    finishReasons: ["stop"],
    attempts: ["ok"],
    ...differs,
  };
}
export const streamedChat = (differs = {}) => chat({ stream: true, ...differs });

/** Of a call that got no answer to read. */
export const unanswered = (differs) =>
  chat({ responseModel: undefined, usage: undefined, finishReasons: [], attempts: [], ...differs });

const ID = { "x-request-id": "req_1" };
export const JSON_HEADERS = { "content-type": "application/json", ...ID };
export const SSE_HEADERS = { "content-type": "text/event-stream; charset=utf-8", ...ID };

export function json(body, answer = {}) {
  return { headers: JSON_HEADERS, parts: [JSON.stringify(body)], ...answer };
}

export function completion(message = {}, { finish = "stop", ...fields } = {}) {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_700_000_000,
    model: SNAPSHOT,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: TEXT.join(""), refusal: null, ...message },
        logprobs: null,
        finish_reason: finish,
      },
    ],
    usage: WIRE_USAGE,
    ...fields,
  };
}
export const ok = json(completion());

export function chunk(fields) {
  return {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1_700_000_000,
    model: SNAPSHOT,
    ...fields,
  };
}
export const delta = (content, index = 0) =>
  chunk({ choices: [{ index, delta: { content }, finish_reason: null }], usage: null });
export const finish = (finish_reason = "stop", index = 0) =>
  chunk({ choices: [{ index, delta: {}, finish_reason }], usage: null });
export const usageChunk = (usage = WIRE_USAGE) => chunk({ choices: [], usage });

/** Server-sent events, one part each. */
export function events(payloads, answer = {}) {
  const parts = payloads.map((payload) => (typeof payload === "string" ? payload : event(payload)));
  return { headers: SSE_HEADERS, parts, ...answer };
}
function event(payload) {
  const name = typeof payload.type === "string" ? `event: ${payload.type}\n` : "";
  return `${name}data: ${JSON.stringify(payload)}\n\n`;
}
export const DONE = "data: [DONE]\n\n";

export const chunks = [
  chunk({
    choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }],
    usage: null,
  }),
  ...TEXT.map((text) => delta(text)),
  finish(),
  usageChunk(),
];
export const streamed = events([...chunks, DONE]);
/** The first chunks; the provider says no more until the client goes. */
export const hanging = events(chunks.slice(0, 3), { ending: "hang" });

export function failure(status, error = {}, headers = {}) {
  const body = {
    error: {
      message: "canary-error",
      type: "invalid_request_error",
      param: null,
      code: null,
      ...error,
    },
  };
  return { status, headers: { ...JSON_HEADERS, ...headers }, parts: [JSON.stringify(body)] };
}
