import {
  ANY,
  CHAT,
  chat,
  completion,
  failure,
  json,
  JSON_HEADERS,
  ok,
  STREAM,
  unanswered,
} from "./openai-answers.js";
import { passing, rejection } from "./reading.js";

const STATUSES = [400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 503, 529];
const failed = (errorType, attempts = [errorType]) =>
  unanswered({ outcome: "error", errorType, attempts });

/** What providers say of tokens, and what it means; what can't be is not told. */
const usages = {
  missing: { wire: undefined, usage: undefined },
  null: { wire: null, usage: undefined },
  empty: { wire: {}, usage: undefined },
  partial: { wire: { prompt_tokens: 7 }, usage: { inputTokens: 7 } },
  zero: {
    wire: { prompt_tokens: 7, completion_tokens: 0 },
    usage: { inputTokens: 7, outputTokens: 0 },
  },
  texts: { wire: { prompt_tokens: "7", completion_tokens: "x" }, usage: undefined },
  negative: { wire: { prompt_tokens: -7, completion_tokens: 3 }, usage: { outputTokens: 3 } },
  audio: {
    wire: {
      prompt_tokens: 7,
      completion_tokens: 3,
      prompt_tokens_details: { audio_tokens: 4 },
      completion_tokens_details: { audio_tokens: 2 },
    },
    usage: ANY,
  },
};

/** An attempt that its SDK gives up; what it says is not read. */
const refused = unanswered({ outcome: "error", errorType: ANY });

/** Where only `fetch` is seen, and the SDK doesn't number its attempts, each is a call of its own. */
const apart = (reports) => (subject) => (subject.version === "4.19" ? reports : undefined);

/** Calls that fail, and calls that the SDK tries again. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  ...STATUSES.map((status) => ({
    id: `C32-${status}`,
    title: `status ${status}: class, message, fields, headers, moment`,
    answers: [failure(status, { type: null })],
    reports: [failed(String(status))],
    app: ({ client, provider }) => rejection(client().chat.completions.create(CHAT), provider),
  })),
  {
    id: "C32-code",
    title: "the provider's error code",
    answers: [failure(429, { code: "insufficient_quota", type: "insufficient_quota" })],
    reports: [failed("insufficient_quota", ["429"])],
    app: ({ client, provider }) => rejection(client().chat.completions.create(CHAT), provider),
  },
  {
    id: "C32-stream",
    title: "an error status of a stream comes at the await, not in the loop",
    answers: [failure(401, { code: "invalid_api_key" })],
    reports: [
      unanswered({
        stream: true,
        outcome: "error",
        errorType: "invalid_api_key",
        attempts: ["401"],
      }),
    ],
    app: ({ client, provider }) => rejection(client().chat.completions.create(STREAM), provider),
  },
  {
    id: "C32-as-response",
    title: "an error status of asResponse() and withResponse()",
    answers: [failure(404, { code: "model_not_found" })],
    reports: [failed("model_not_found", ["404"]), failed("model_not_found", ["404"])],
    async app({ client, provider }) {
      const openai = client();
      return [
        await rejection(openai.chat.completions.create(CHAT).asResponse(), provider),
        await rejection(openai.chat.completions.create(CHAT).withResponse(), provider),
      ];
    },
  },
  {
    id: "C32-html",
    title: "an error page instead of JSON",
    answers: [
      { status: 502, headers: { "content-type": "text/html" }, parts: ["<h1>canary-error</h1>"] },
    ],
    reports: [failed("502")],
    app: ({ client, provider }) => rejection(client().chat.completions.create(CHAT), provider),
  },
  {
    id: "C32-empty",
    title: "an error without a body",
    answers: [{ status: 500, headers: {}, parts: [] }],
    reports: [failed("500")],
    app: ({ client, provider }) => rejection(client().chat.completions.create(CHAT), provider),
  },
  {
    id: "C32-204",
    title: "204 No Content",
    answers: [{ status: 204, headers: {}, parts: [] }],
    reports: [unanswered({ outcome: ANY, errorType: ANY, attempts: ["ok"] })],
    app: ({ client, provider }) => rejection(client().chat.completions.create(CHAT), provider),
  },
  {
    id: "C32-no-json",
    title: "status 200 with broken JSON",
    answers: [json({}, { parts: ['{"canary-answer": '] })],
    reports: [unanswered({ outcome: "error", errorType: "malformed_response", attempts: ["ok"] })],
    app: ({ client, provider }) => rejection(client().chat.completions.create(CHAT), provider),
  },
  {
    id: "C32-text",
    title: "status 200 with text instead of JSON",
    answers: [{ headers: { "content-type": "text/plain" }, parts: ["canary-answer"] }],
    reports: [unanswered({ outcome: ANY, errorType: ANY, attempts: ["ok"] })],
    app: ({ client, provider }) => rejection(client().chat.completions.create(CHAT), provider),
  },
  {
    id: "C32-error-field",
    title: "status 200 with an error in it",
    answers: [json({ error: { message: "canary-error", code: "odd" } })],
    reports: [unanswered({ outcome: ANY, errorType: ANY, attempts: ["ok"] })],
    app: ({ client, provider }) => rejection(client().chat.completions.create(CHAT), provider),
  },
  {
    id: "C32-refused",
    title: "nobody listens",
    reports: undefined,
    app: ({ client, provider }) =>
      rejection(
        client({ baseURL: "http://127.0.0.1:1/v1" }).chat.completions.create(CHAT),
        provider,
      ),
  },
  {
    id: "C32-reset",
    title: "the connection is closed without an answer",
    answers: [{ parts: [], ending: "reset" }],
    reports: [unanswered({ outcome: "error", errorType: "APIConnectionError", attempts: ANY })],
    whenRegistered: [failed("UND_ERR_SOCKET")],
    app: ({ client, provider }) => rejection(client().chat.completions.create(CHAT), provider),
  },
  {
    id: "C33-retry",
    title: "429, then an answer: one call of two attempts",
    answers: [failure(429, {}, { "retry-after-ms": "2" }), ok],
    reports: [chat({ attempts: ["429", "ok"] })],
    whenRegistered: apart([refused, chat()]),
    app: ({ client }) => client({ maxRetries: 2 }).chat.completions.create(CHAT),
  },
  {
    id: "C33-retries",
    title: "503 twice, then an answer, by withResponse()",
    answers: [
      failure(503, {}, { "retry-after-ms": "2" }),
      failure(503, {}, { "retry-after-ms": "2" }),
      ok,
    ],
    reports: [chat({ attempts: ["503", "503", "ok"] })],
    whenRegistered: apart([refused, refused, chat()]),
    app: ({ client }) => client({ maxRetries: 2 }).chat.completions.create(CHAT).withResponse(),
  },
  {
    id: "C33-given-up",
    title: "500 at every attempt: one failed call",
    answers: [failure(500, { type: "server_error" }, { "retry-after-ms": "2" })],
    reports: [failed("server_error", ["500", "500", "500"])],
    whenRegistered: apart([refused, refused, refused]),
    app: ({ client, provider }) =>
      rejection(client({ maxRetries: 2 }).chat.completions.create(CHAT), provider),
  },
  {
    id: "C33-connection",
    title: "a connection that breaks, then an answer",
    answers: [{ parts: [], ending: "reset" }, ok],
    reports: [chat({ attempts: ANY })],
    whenRegistered: apart([failed("UND_ERR_SOCKET"), chat()]),
    app: ({ client }) => client({ maxRetries: 1 }).chat.completions.create(CHAT),
  },
  {
    id: "C33-not-to",
    title: "x-should-retry: false is heeded",
    answers: [failure(500, { type: "server_error" }, { "x-should-retry": "false" })],
    reports: [failed("server_error", ["500"])],
    app: ({ client, provider }) =>
      rejection(client({ maxRetries: 2 }).chat.completions.create(CHAT), provider),
  },
  {
    id: "C33-stop-waiting",
    title: "a signal that fires while the SDK waits to try again",
    answers: [failure(429, { type: null }, { "retry-after-ms": "1000" }), ok],
    reports: [unanswered({ outcome: "aborted", errorType: "signal", attempts: ["429"] })],
    whenRegistered: [failed("429")],
    async app({ client, provider }) {
      const controller = new AbortController();
      const call = rejection(
        client({ maxRetries: 1 }).chat.completions.create(CHAT, { signal: controller.signal }),
        provider,
      );
      await provider.over();
      setTimeout(() => controller.abort(), 200);
      return call;
    },
  },
  {
    id: "C36-late",
    title: "a rejection that is handled late: as many events as before",
    answers: [failure(400)],
    reports: [failed("invalid_request_error", ["400"])],
    async app({ client, provider }) {
      const call = client().chat.completions.create(CHAT);
      await provider.answered();
      await passing(200);
      return rejection(call, provider);
    },
  },
  {
    id: "C36-settled",
    title: "rejections in Promise.allSettled and .catch",
    answers: [failure(400)],
    reports: [failed("invalid_request_error", ["400"]), failed("invalid_request_error", ["400"])],
    async app({ client }) {
      const openai = client();
      const calls = [
        openai.chat.completions.create(CHAT),
        openai.chat.completions.create(CHAT).catch((error) => error),
      ];
      return Promise.allSettled(calls);
    },
  },
  {
    id: "C36-never",
    title: "a rejection that nobody handles is reported once, as before",
    answers: [failure(400)],
    reports: [failed("invalid_request_error", ["400"])],
    async app({ client, provider }) {
      void client()
        .chat.completions.create(CHAT)
        .then(() => {});
      await provider.answered();
      await passing(200);
    },
  },
  {
    id: "C36-ignored",
    title: "a promise that nobody touches",
    answers: [failure(400)],
    reports: [{ ...failed("invalid_request_error", ["400"]), errorType: ANY }],
    async app({ client, provider }) {
      void client().chat.completions.create(CHAT);
      await provider.answered();
      await passing(200);
    },
  },
  ...Object.entries(usages).map(([name, { wire, usage }]) => ({
    id: `C35-${name}`,
    title: `usage: ${name}`,
    answers: [{ headers: JSON_HEADERS, parts: [JSON.stringify(completion({}, { usage: wire }))] }],
    reports: [chat({ usage })],
    app: ({ client }) => client().chat.completions.create(CHAT),
  })),
];
