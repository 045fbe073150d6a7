import { ANY } from "./scenario.js";
import { all, rejection, untilError } from "./reading.js";

const MODEL = "llama3.2";
const ASK = { model: MODEL, messages: [{ role: "user", content: "canary-prompt" }] };
const END = {
  model: MODEL,
  message: { role: "assistant", content: "" },
  done: true,
  done_reason: "stop",
  prompt_eval_count: 26,
  eval_count: 4,
  total_duration: 5,
  eval_duration: 3,
};
const part = (content) => ({ model: MODEL, message: { role: "assistant", content }, done: false });
const LINES = [..."canary-answer in pieces".split(" ").map(part), END];
const HEADERS = { "content-type": "application/json; charset=utf-8" };

const json = (body, answer = {}) => ({
  headers: HEADERS,
  parts: [JSON.stringify(body)],
  ...answer,
});
const ndjson = (lines, answer = {}) => ({
  headers: { "content-type": "application/x-ndjson" },
  parts: lines.map((line) => `${JSON.stringify(line)}\n`),
  ...answer,
});
const ok = json({ ...END, message: { role: "assistant", content: "canary-answer" } });
const streamed = ndjson(LINES);

const chat = (differs = {}) => ({
  operation: "chat",
  provider: "ollama",
  model: MODEL,
  responseModel: MODEL,
  outcome: "success",
  stream: false,
  usage: { inputTokens: 26, outputTokens: 4 },
  finishReasons: ["stop"],
  attempts: ["ok"],
  ...differs,
});
const streamedChat = (differs = {}) => chat({ stream: true, ...differs });
const partly = (differs) => streamedChat({ usage: undefined, finishReasons: [], ...differs });
const unanswered = (differs) =>
  chat({ responseModel: undefined, usage: undefined, finishReasons: [], ...differs });

/** Ollama's own SDK. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  {
    id: "L03-chat",
    title: "chat(): the answer, and the request's bytes",
    answers: [ok],
    reports: [chat()],
    async app({ client }) {
      const request = { ...ASK, options: { temperature: 0.1 } };
      const call = client().chat(request);
      return [call, await call, request];
    },
  },
  {
    id: "L12-identity",
    title: "the client is the same object",
    reports: [],
    app({ client, Client }) {
      const observed = client();
      return [observed instanceof Client, observed.constructor === Client, Object.keys(observed)];
    },
  },
  {
    id: "L18-full",
    title: "a stream read to its end",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client }) {
      const ollama = client();
      const stream = await ollama.chat({ ...ASK, stream: true });
      const before = [
        stream.constructor.name,
        Object.keys(stream),
        ollama.ongoingStreamedRequests?.length,
      ];
      return [before, await all(stream), ollama.ongoingStreamedRequests?.length];
    },
  },
  {
    id: "L18-pieces",
    title: "lines that arrive in pieces",
    answers: [
      ndjson([], { parts: pieces(LINES.map((line) => `${JSON.stringify(line)}\n`).join("")) }),
    ],
    reports: [streamedChat()],
    app: async ({ client }) => all(await client().chat({ ...ASK, stream: true })),
  },
  {
    id: "L19-break",
    title: "break in the loop: the SDK leaves the request open, as before",
    answers: [ndjson(LINES.slice(0, 2), { ending: "hang" })],
    reports: [partly({ responseModel: ANY, outcome: "abandoned", errorType: ANY })],
    keepsProvider: true,
    async app({ client, collectGarbage, turn }) {
      const read = async () => {
        const ollama = client();
        for await (const each of await ollama.chat({ ...ASK, stream: true })) if (each) break;
        return ollama.ongoingStreamedRequests?.length;
      };
      const ongoing = await read();
      await turn();
      await collectGarbage();
      return ongoing;
    },
  },
  {
    id: "L20-abort",
    title: "abort() in mid-stream",
    answers: [ndjson(LINES.slice(0, 2), { ending: "hang" })],
    reports: [partly({ outcome: "aborted", errorType: "signal" })],
    async app({ client, provider }) {
      const ollama = client();
      const seen = await untilError(async () => {
        const stream = await ollama.chat({ ...ASK, stream: true });
        setTimeout(() => ollama.abort(), 100);
        return stream;
      });
      return [seen, await provider.clientLeft()];
    },
  },
  {
    id: "L21-cut",
    title: "the connection breaks in mid-stream",
    answers: [ndjson(LINES.slice(0, 2), { ending: "cut" })],
    reports: [partly({ outcome: "truncated", errorType: ANY })],
    app: ({ client }) => untilError(() => client().chat({ ...ASK, stream: true })),
  },
  {
    id: "L21-unfinished",
    title: "a stream that ends without its last line",
    answers: [ndjson(LINES.slice(0, 2))],
    reports: [partly({ outcome: "truncated", errorType: ANY })],
    app: ({ client }) => untilError(() => client().chat({ ...ASK, stream: true })),
  },
  {
    id: "L21-error-line",
    title: "an error line in the stream",
    answers: [ndjson([LINES[0], { error: "canary-error" }])],
    reports: [partly({ outcome: "error", errorType: ANY })],
    app: ({ client }) => untilError(() => client().chat({ ...ASK, stream: true })),
  },
  ...[400, 404, 500].map((status) => ({
    id: `L32-${status}`,
    title: `status ${status}`,
    answers: [json({ error: "canary-error" }, { status })],
    reports: [
      unanswered({ outcome: "error", errorType: String(status), attempts: [String(status)] }),
    ],
    app: ({ client, provider }) => rejection(client().chat(ASK), provider),
  })),
  {
    id: "L32-reset",
    title: "the connection is closed without an answer",
    answers: [{ parts: [], ending: "reset" }],
    reports: [unanswered({ outcome: "error", errorType: ANY, attempts: ANY })],
    app: ({ client, provider }) => rejection(client().chat(ASK), provider),
  },
  {
    id: "L03-generate",
    title: "generate(), plain and streamed",
    answers: [
      json({
        model: MODEL,
        response: "canary-answer",
        done: true,
        done_reason: "stop",
        prompt_eval_count: 26,
        eval_count: 4,
      }),
      ndjson([
        { model: MODEL, response: "canary-answer", done: false },
        {
          model: MODEL,
          response: "",
          done: true,
          done_reason: "stop",
          prompt_eval_count: 26,
          eval_count: 4,
        },
      ]),
    ],
    reports: [
      chat({ operation: "text_completion" }),
      streamedChat({ operation: "text_completion" }),
    ],
    async app({ client }) {
      const ollama = client();
      const request = { model: MODEL, prompt: "canary-prompt" };
      return [
        await ollama.generate(request),
        await all(await ollama.generate({ ...request, stream: true })),
      ];
    },
  },
  {
    id: "L03-embed",
    title: "embed()",
    needs: (_subject, sdk) =>
      typeof sdk.Ollama.prototype.embed === "function" ? undefined : "no embed()",
    answers: [json({ model: MODEL, embeddings: [[0.5, 1]], prompt_eval_count: 3 })],
    reports: [chat({ operation: "embeddings", usage: { inputTokens: 3 }, finishReasons: [] })],
    app: ({ client }) => client().embed({ model: MODEL, input: "canary-prompt" }),
  },
  {
    id: "L16-list",
    title: "list() and show() are passed through",
    answers: [json({ models: [{ name: MODEL }] }), json({ license: "x" })],
    reports: [],
    unclassified: { tags: "/tags", show: "/show" },
    async app({ client }) {
      const ollama = client();
      return [await ollama.list(), await ollama.show({ model: MODEL })];
    },
  },
  {
    id: "L39-twice",
    title: "a client observed twice, its fetch observed as well",
    answers: [ok],
    reports: [chat()],
    app: ({ client, observed, fetch }) => observed(client({ fetch })).chat(ASK),
  },
];

function pieces(text) {
  return Array.from({ length: Math.ceil(text.length / 9) }, (_, index) =>
    text.slice(index * 9, index * 9 + 9),
  );
}
