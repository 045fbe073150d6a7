import {
  ANY,
  CHAT,
  chat,
  chunks,
  events,
  failure,
  hanging,
  json,
  ok,
  STREAM,
  streamed,
  streamedChat,
  unanswered,
} from "./openai-answers.js";
import { all, rejection } from "./reading.js";

const init = (body, more = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json", authorization: "Bearer sk-canary-key" },
  body: JSON.stringify(body),
  ...more,
});
const at = (provider) => `${provider.url}/v1/chat/completions`;
const GEMINI = { contents: [{ role: "user", parts: [{ text: "canary-prompt" }] }] };
const geminiChunk = (text, fields = {}) => ({
  candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...fields }],
  usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 3, thoughtsTokenCount: 5 },
  modelVersion: "gemini-2.5-flash",
});
const gemini = (differs = {}) =>
  chat({
    operation: "generate_content",
    provider: "gcp.gen_ai",
    model: "gemini-2.5-flash",
    responseModel: "gemini-2.5-flash",
    usage: { inputTokens: 10, outputTokens: 8, reasoningTokens: 5 },
    finishReasons: ["STOP"],
    ...differs,
  });

/** No SDK at all, or one that takes a `fetch`. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  ...["string", "URL", "Request", "Request and init"].map((kind) => ({
    id: `F28-${kind.toLowerCase().replaceAll(" ", "-")}`,
    title: `fetch() of a ${kind}: the request's bytes, the Response`,
    answers: [ok],
    reports: [chat()],
    async app({ fetch, provider }) {
      const response = await fetch(...argumentsOf(kind, provider));
      return [response, await response.json()];
    },
  })),
  {
    id: "F12-identity",
    title: "fetch itself: its name, length, and what it does without arguments",
    reports: [],
    app: async ({ fetch }) => [
      fetch.name,
      fetch.length,
      await rejection(fetch(), { exchanges: [] }),
    ],
  },
  ...Object.entries(readings()).map(([way, read]) => ({
    id: `F02-${way}`,
    title: `an answer read by ${way}`,
    answers: [ok],
    reports: [chat()],
    app: async ({ fetch, provider }) => read(await fetch(at(provider), init(CHAT))),
  })),
  {
    id: "F02-constructor",
    title: "a Response made of the answer's body, and read",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ fetch, provider }) {
      const response = await fetch(at(provider), init(STREAM));
      return new Response(response.body, response).text();
    },
  },
  {
    id: "F18-pipe",
    title: "a stream piped through a decoder",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ fetch, provider }) {
      const response = await fetch(at(provider), init(STREAM));
      return all(response.body.pipeThrough(new TextDecoderStream()));
    },
  },
  {
    id: "F18-tee",
    title: "a body's tee()",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ fetch, provider }) {
      const response = await fetch(at(provider), init(STREAM));
      const branches = response.body.tee();
      return [
        response.body.locked,
        await Promise.all(branches.map((branch) => new Response(branch).text())),
      ];
    },
  },
  {
    id: "F19-cancel",
    title: "a reader cancelled after a chunk",
    answers: [hanging],
    reports: [
      streamedChat({
        outcome: "abandoned",
        errorType: "left_early",
        usage: undefined,
        finishReasons: [],
      }),
    ],
    async app({ fetch, provider }) {
      const reader = (await fetch(at(provider), init(STREAM))).body.getReader();
      const { done } = await reader.read();
      return [done, await reader.cancel("enough"), await provider.clientLeft()];
    },
  },
  {
    id: "F20-waiting",
    title: "a signal that fires before the headers, with a reason",
    answers: [{ ...ok, delayMs: 60_000 }],
    reports: [unanswered({ outcome: "aborted", errorType: "signal", attempts: ANY })],
    async app({ fetch, provider }) {
      const controller = new AbortController();
      const mine = new Error("canary-mine");
      const call = rejection(
        fetch(at(provider), init(CHAT, { signal: controller.signal })),
        provider,
      );
      await provider.arrived(1);
      controller.abort(mine);
      const { error } = await call;
      return [error === mine, await provider.clientLeft()];
    },
  },
  {
    id: "F20-mid-stream",
    title: "a signal that fires in mid-stream: the read rejects",
    answers: [hanging],
    reports: [
      streamedChat({
        outcome: "aborted",
        errorType: "signal",
        usage: undefined,
        finishReasons: [],
      }),
    ],
    async app({ fetch, provider }) {
      const controller = new AbortController();
      const reader = (
        await fetch(at(provider), init(STREAM, { signal: controller.signal }))
      ).body.getReader();
      await reader.read();
      setTimeout(() => controller.abort(), 50);
      const end = async () => {
        for (;;) await reader.read();
      };
      return rejection(end(), provider);
    },
  },
  {
    id: "F21-cut",
    title: "the connection breaks in mid-stream: the very error of undici",
    answers: [events(chunks.slice(0, 3), { ending: "cut" })],
    reports: [
      streamedChat({
        responseModel: ANY,
        outcome: "truncated",
        errorType: ANY,
        usage: undefined,
        finishReasons: [],
      }),
    ],
    app: async ({ fetch, provider }) =>
      rejection((await fetch(at(provider), init(STREAM))).text(), provider),
  },
  {
    id: "F32-status",
    title: "an error status is an answer",
    answers: [failure(429, { code: "insufficient_quota" })],
    reports: [unanswered({ outcome: "error", errorType: "insufficient_quota", attempts: ["429"] })],
    async app({ fetch, provider }) {
      const response = await fetch(at(provider), init(CHAT));
      return [response.ok, response, await response.json()];
    },
  },
  {
    id: "F32-unread",
    title: "an error status whose body nobody reads",
    answers: [failure(503, { code: null, type: null })],
    reports: [unanswered({ outcome: "error", errorType: "503", attempts: ["503"] })],
    async app({ fetch, provider }) {
      const look = async () => (await fetch(at(provider), init(CHAT))).status;
      return look();
    },
  },
  {
    id: "F24-unread",
    title: "an answer whose body nobody reads, and that is dropped",
    answers: [ok],
    reports: [unanswered({ outcome: "abandoned", errorType: ANY, attempts: ["ok"] })],
    async app({ fetch, provider }) {
      const look = async () => (await fetch(at(provider), init(CHAT))).status;
      return look();
    },
  },
  {
    id: "F32-refused",
    title: "nobody listens: the very error of undici",
    reports: undefined,
    app: async ({ fetch, provider }) =>
      rejection(fetch("http://127.0.0.1:1/v1/chat/completions", init(CHAT)), provider),
  },
  {
    id: "F16-other",
    title: "what is no model call is passed through",
    answers: [json({ any: "answer" })],
    reports: [],
    async app({ fetch, provider }) {
      const response = await fetch(`${provider.url}/any?x=1`, {
        method: "PUT",
        body: "canary-body",
      });
      return [response, await response.text()];
    },
  },
  {
    id: "F03-gemini",
    title: "Gemini: generateContent, and its stream of events",
    answers: [
      json(geminiChunk("canary-answer", { finishReason: "STOP" })),
      events([geminiChunk("canary-answer"), geminiChunk("!", { finishReason: "STOP" })]),
    ],
    reports: [gemini(), gemini({ stream: true })],
    async app({ fetch, provider }) {
      const base = `${provider.url}/v1beta/models/gemini-2.5-flash`;
      const plain = await fetch(`${base}:generateContent`, init(GEMINI));
      const stream = await fetch(`${base}:streamGenerateContent?alt=sse`, init(GEMINI));
      return [await plain.json(), await stream.text()];
    },
  },
  {
    id: "F31-no-done",
    title: "a stream that ends without [DONE]",
    answers: [events(chunks)],
    reports: [streamedChat()],
    app: async ({ fetch, provider }) =>
      all((await fetch(at(provider), init(STREAM))).body).then((parts) =>
        Buffer.concat(parts).toString(),
      ),
  },
];

function argumentsOf(kind, provider) {
  if (kind === "string") return [at(provider), init(CHAT)];
  if (kind === "URL") return [new URL(at(provider)), init(CHAT)];
  if (kind === "Request") return [new Request(at(provider), init(CHAT))];
  return [new Request(at(provider), init({ other: "body" })), init(CHAT)];
}

function readings() {
  return {
    json: (response) => response.json(),
    text: (response) => response.text(),
    blob: async (response) => [(await response.blob()).type, response.bodyUsed],
    bytes: async (response) => Buffer.from(await response.arrayBuffer()).toString(),
    "clone-first": async (response) => [await response.clone().text(), await response.json()],
    "clone-only": async (response) => [await response.clone().json(), response.bodyUsed],
    iteration: async (response) => Buffer.concat(await all(response.body)).toString(),
    prototype: (response) => Response.prototype.text.call(response),
    structured: async (response) => [
      Object.keys(response),
      JSON.stringify(response),
      await response.text(),
    ],
  };
}
