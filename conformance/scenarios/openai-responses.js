import { ANY, chat, events, failure, json, streamedChat, unanswered } from "./openai-answers.js";
import { all, rejection, untilError } from "./reading.js";

const ASK = { model: "gpt-4o-mini", input: "canary-prompt", instructions: "canary-system" };
const TEXT = ["canary-answer ", "in ", "pieces"];
const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text: TEXT.join(""), annotations: [] }],
};

function answer(status, message = MESSAGE) {
  const ended = status !== "in_progress";
  return {
    id: "resp_1",
    object: "response",
    created_at: 1_700_000_000,
    status,
    error: status === "failed" ? { code: "server_error", message: "canary-error" } : null,
    incomplete_details: status === "incomplete" ? { reason: "max_output_tokens" } : null,
    instructions: null,
    model: "gpt-4o-mini-2024-07-18",
    output: ended ? [message] : [],
    parallel_tool_calls: true,
    tools: [],
    text: { format: { type: "text" } },
    usage: ended
      ? {
          input_tokens: 100,
          input_tokens_details: { cached_tokens: 60 },
          output_tokens: 20,
          output_tokens_details: { reasoning_tokens: 5 },
          total_tokens: 120,
        }
      : null,
    metadata: {},
  };
}

/** The same, by a provider that has all the time. */
function background(status) {
  const made = answer(status === "queued" ? "in_progress" : status);
  return { ...made, status, background: true };
}

function streamOf(end) {
  const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const list = [
    { type: "response.created", response: answer("in_progress") },
    { type: "response.in_progress", response: answer("in_progress") },
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { ...MESSAGE, status: "in_progress", content: [] },
    },
    {
      type: "response.content_part.added",
      ...place,
      part: { type: "output_text", text: "", annotations: [] },
    },
    ...TEXT.map((delta) => ({ type: "response.output_text.delta", ...place, delta })),
    { type: "response.output_text.done", ...place, text: TEXT.join("") },
    { type: "response.content_part.done", ...place, part: MESSAGE.content[0] },
    { type: "response.output_item.done", output_index: 0, item: MESSAGE },
    { type: `response.${end}`, response: answer(end) },
  ];
  return list.map((event, index) => ({ ...event, sequence_number: index }));
}

const completed = events(streamOf("completed"));
const needs = (_subject, sdk) => (resource(sdk) === undefined ? "no responses" : undefined);
const lacks = (method) => (_subject, sdk) =>
  typeof resource(sdk)?.[method] === "function" ? undefined : `no responses.${method}()`;

/** The Responses API. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  {
    id: "C03-responses",
    title: "responses.create(): the answer, output_text, withResponse()",
    answers: [json(answer("completed"))],
    reports: [chat(), chat()],
    needs,
    async app({ client }) {
      const openai = client();
      return [
        await openai.responses.create(ASK),
        await openai.responses.create(ASK).withResponse(),
      ];
    },
  },
  {
    id: "C02-responses",
    title: "responses.create().asResponse()",
    answers: [json(answer("completed"))],
    reports: [chat()],
    needs,
    async app({ client }) {
      const response = await client().responses.create(ASK).asResponse();
      return [response.bodyUsed, await response.json()];
    },
  },
  {
    id: "C35-responses-incomplete",
    title: "an answer that is incomplete is a call that went well",
    answers: [json(answer("incomplete"))],
    reports: [chat({ finishReasons: ["max_output_tokens"] })],
    needs,
    app: ({ client }) => client().responses.create(ASK),
  },
  {
    id: "C18-responses",
    title: "a stream of responses: every event, in order",
    answers: [completed],
    reports: [streamedChat()],
    needs,
    app: async ({ client }) => all(await client().responses.create({ ...ASK, stream: true })),
  },
  {
    id: "C04-responses",
    title: "withResponse() of a stream of responses",
    answers: [completed],
    reports: [streamedChat()],
    needs,
    async app({ client }) {
      const { data, response } = await client()
        .responses.create({ ...ASK, stream: true })
        .withResponse();
      return { data, response, events: await all(data) };
    },
  },
  {
    id: "C19-responses",
    title: "break in a stream of responses",
    answers: [events(streamOf("completed").slice(0, 6), { ending: "hang" })],
    reports: [
      streamedChat({
        usage: undefined,
        finishReasons: [],
        outcome: "abandoned",
        errorType: "left_early",
      }),
    ],
    whenRegistered: [
      streamedChat({ usage: undefined, finishReasons: [], outcome: ANY, errorType: ANY }),
    ],
    needs,
    async app({ client, provider }) {
      for await (const each of await client().responses.create({ ...ASK, stream: true }))
        if (each.type.endsWith("delta")) break;
      return provider.clientLeft();
    },
  },
  {
    id: "C21-responses",
    title: "a connection that breaks in a stream of responses",
    answers: [events(streamOf("completed").slice(0, 6), { ending: "cut" })],
    reports: [
      streamedChat({ usage: undefined, finishReasons: [], outcome: "truncated", errorType: ANY }),
    ],
    needs,
    app: ({ client }) => untilError(() => client().responses.create({ ...ASK, stream: true })),
  },
  {
    id: "C35-responses-failed",
    title: "a stream that ends with response.failed",
    answers: [events(streamOf("failed"))],
    reports: [streamedChat({ outcome: "error", errorType: "server_error", finishReasons: ANY })],
    needs,
    app: ({ client }) => untilError(() => client().responses.create({ ...ASK, stream: true })),
  },
  {
    id: "C35-responses-background",
    title: "made in the background: what it used counts once, where it is fetched first",
    answers: [
      json(background("queued")),
      json(background("in_progress")),
      json(background("completed")),
    ],
    reports: [
      chat({ usage: undefined, finishReasons: [] }),
      chat({ operation: "fetch_response", attempts: [] }),
    ],
    unclassified: { responses: "/responses/resp_1" },
    needs: lacks("retrieve"),
    async app({ client }) {
      const { responses } = client();
      return [
        await responses.create({ ...ASK, background: true }),
        await responses.retrieve("resp_1"),
        await responses.retrieve("resp_1").withResponse(),
        await responses.retrieve("resp_1"),
      ];
    },
  },
  {
    id: "C10-parse",
    title: "responses.parse(): output_parsed",
    answers: [
      json(
        answer("completed", {
          ...MESSAGE,
          content: [{ ...MESSAGE.content[0], text: '{"answer":"canary-answer"}' }],
        }),
      ),
    ],
    reports: [chat(), chat()],
    needs: lacks("parse"),
    async app({ client }) {
      const openai = client();
      const request = { ...ASK, text: { format: format() } };
      return [
        await openai.responses.parse(request),
        await openai.responses.parse(request).withResponse(),
      ];
    },
  },
  {
    id: "C10-stream",
    title: "responses.stream(): typed events, finalResponse()",
    answers: [completed],
    reports: [streamedChat()],
    needs: lacks("stream"),
    async app({ client, log }) {
      const runner = client().responses.stream(ASK);
      for (const name of [
        "connect",
        "response.created",
        "response.output_text.delta",
        "response.completed",
        "end",
        "event",
      ]) {
        runner.on(name, (...values) => log(name, ...values));
      }
      return [await runner.finalResponse(), runner.ended, runner.aborted];
    },
  },
  {
    id: "C10-stream-abort",
    title: "responses.stream(): abort()",
    answers: [events(streamOf("completed").slice(0, 6), { ending: "hang" })],
    reports: [
      streamedChat({
        usage: undefined,
        finishReasons: [],
        outcome: "aborted",
        errorType: "signal",
      }),
    ],
    needs: lacks("stream"),
    async app({ client, provider }) {
      const runner = client().responses.stream(ASK);
      await new Promise((resolve) => runner.once("response.output_text.delta", resolve));
      runner.abort();
      return [await runner.done().catch((error) => error), await provider.clientLeft()];
    },
  },
  {
    id: "C32-responses",
    title: "an error status of responses",
    answers: [failure(429, { code: "rate_limit_exceeded" })],
    reports: [
      unanswered({ outcome: "error", errorType: "rate_limit_exceeded", attempts: ["429"] }),
    ],
    needs,
    app: ({ client, provider }) => rejection(client().responses.create(ASK), provider),
  },
];

function resource(sdk) {
  const Client = sdk.default?.default ?? sdk.default ?? sdk;
  return new Client({ apiKey: "sk" }).responses;
}

function format() {
  const schema = {
    type: "object",
    properties: { answer: { type: "string" } },
    required: ["answer"],
    additionalProperties: false,
  };
  return Object.defineProperties(
    { type: "json_schema", name: "answer", strict: true, schema },
    { $brand: { value: "auto-parseable-response-format" }, $parseRaw: { value: JSON.parse } },
  );
}
