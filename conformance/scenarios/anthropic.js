import {
  MODEL,
  ASK,
  STREAM,
  MESSAGE,
  json,
  ok,
  failure,
  list,
  sse,
  streamed,
  hanging,
  chat,
  streamedChat,
  unanswered,
  failed,
  partly,
  left,
} from "./anthropic-answers.js";
import { ANY } from "./scenario.js";
import { all, passing, rejection, untilError } from "./reading.js";

/** Anthropic's SDK. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  {
    id: "A01-await-twice",
    title: "messages.create(): awaited twice, withResponse()",
    answers: [ok],
    reports: [chat()],
    async app({ client }) {
      const call = client().messages.create(ASK);
      const [first, second] = await Promise.all([call, call]);
      return [first, first === second, await call.withResponse(), first._request_id];
    },
  },
  {
    id: "A02-as-response",
    title: "messages.create().asResponse(): the body unread",
    answers: [ok],
    reports: [chat()],
    async app({ client }) {
      const response = await client().messages.create(ASK).asResponse();
      return [response, response.bodyUsed, await response.json()];
    },
  },
  {
    id: "A12-identity",
    title: "the client is the same object",
    reports: [],
    app({ client, Client }) {
      const observed = client();
      return [
        observed instanceof Client,
        observed.constructor === Client,
        Object.keys(observed),
        String(observed),
      ];
    },
  },
  {
    id: "A13-with-options",
    title: "withOptions(): the copy is observed once, retries as attempts",
    answers: [failure(529, "overloaded_error", { "retry-after-ms": "2" }), ok],
    reports: [chat({ attempts: ["529", "ok"] })],
    needs: (_subject, sdk) =>
      typeof classOf(sdk).prototype.withOptions === "function" ? undefined : "no withOptions()",
    app: ({ client }) => client().withOptions({ maxRetries: 1 }).messages.create(ASK),
  },
  {
    id: "A28-body",
    title: "the request's bytes, headers and betas",
    answers: [ok],
    reports: [chat()],
    app: ({ client }) =>
      client({ defaultHeaders: { "x-app": "1" } }).messages.create(
        Object.freeze({
          ...ASK,
          temperature: 0.2,
          tools: [{ name: "f", description: "canary-tool", input_schema: { type: "object" } }],
          metadata: { user_id: "canary-user" },
        }),
        { headers: { "anthropic-beta": "some-beta" } },
      ),
  },
  {
    id: "A18-full",
    title: "a stream read to its end",
    answers: [streamed],
    reports: [streamedChat()],
    app: async ({ client }) => all(await client().messages.create(STREAM)),
  },
  {
    id: "A18-with-response",
    title: "withResponse() of a stream, the Stream itself",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client }) {
      const { data, response } = await client().messages.create(STREAM).withResponse();
      return { data, keys: Reflect.ownKeys(data).map(String), response, events: await all(data) };
    },
  },
  {
    id: "A19-break",
    title: "break in the loop: the request is given up at once",
    answers: [hanging],
    reports: [left],
    whenRegistered: [{ ...left, outcome: ANY, errorType: ANY }],
    async app({ client, provider }) {
      const stream = await client().messages.create(STREAM);
      for await (const each of stream) if (each.type === "content_block_delta") break;
      return [stream.controller.signal.aborted, await provider.clientLeft()];
    },
  },
  {
    id: "A20-before",
    title: "a signal that has fired before the call",
    answers: [ok],
    reports: [unanswered({ outcome: "aborted", errorType: "signal", attempts: [] })],
    whenRegistered: [],
    app: ({ client, provider }) =>
      rejection(client().messages.create(ASK, { signal: AbortSignal.abort() }), provider),
  },
  {
    id: "A20-waiting",
    title: "a signal that fires before the headers",
    answers: [{ ...ok, delayMs: 60_000 }],
    reports: [unanswered({ outcome: "aborted", errorType: "signal", attempts: ANY })],
    async app({ client, provider }) {
      const controller = new AbortController();
      const call = rejection(
        client().messages.create(ASK, { signal: controller.signal }),
        provider,
      );
      await provider.arrived(1);
      controller.abort();
      return [await call, await provider.clientLeft()];
    },
  },
  {
    id: "A20-mid-stream",
    title: "a signal that fires in mid-stream",
    answers: [hanging],
    reports: [partly({ outcome: "aborted", errorType: "signal" })],
    async app({ client, provider }) {
      const controller = new AbortController();
      const stream = await client().messages.create(STREAM, { signal: controller.signal });
      const seen = [];
      for await (const each of stream) {
        seen.push(each);
        if (seen.length === 2) controller.abort();
      }
      return [seen, await provider.clientLeft()];
    },
  },
  {
    id: "A21-cut",
    title: "the connection breaks in mid-stream",
    answers: [sse(list.slice(0, 5), { ending: "cut" })],
    reports: [partly({ outcome: "truncated", errorType: ANY })],
    app: ({ client }) => untilError(() => client().messages.create(STREAM)),
  },
  {
    id: "A21-error-event",
    title: "an error event in the stream",
    answers: [
      sse([
        list[0],
        list[1],
        { type: "error", error: { type: "overloaded_error", message: "canary-error" } },
      ]),
    ],
    reports: [partly({ outcome: "error", errorType: "overloaded_error" })],
    app: ({ client }) => untilError(() => client().messages.create(STREAM)),
  },
  {
    id: "A23-tee",
    title: "tee(): both branches are complete",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client }) {
      const branches = (await client().messages.create(STREAM)).tee();
      return Promise.all(branches.map(all));
    },
  },
  {
    id: "A27-readable",
    title: "toReadableStream() and back",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client }) {
      const stream = await client().messages.create(STREAM);
      return all(
        stream.constructor.fromReadableStream(stream.toReadableStream(), new AbortController()),
      );
    },
  },
  {
    id: "A08-stream",
    title: "messages.stream(): events in order, final values",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client, log }) {
      const runner = client().messages.stream(ASK);
      for (const name of [
        "connect",
        "streamEvent",
        "text",
        "message",
        "contentBlock",
        "finalMessage",
        "end",
        "error",
        "abort",
      ]) {
        runner.on(name, (...values) => log(name, ...values));
      }
      return [await runner.finalMessage(), await runner.finalText(), runner.ended, runner.aborted];
    },
  },
  {
    id: "A08-abort",
    title: "messages.stream(): abort()",
    answers: [hanging],
    reports: [partly({ outcome: "aborted", errorType: "signal" })],
    async app({ client, provider }) {
      const runner = client().messages.stream(ASK);
      await new Promise((resolve) => runner.once("text", resolve));
      runner.abort();
      return [
        await runner.done().catch((error) => error),
        runner.aborted,
        await provider.clientLeft(),
      ];
    },
  },
  {
    id: "A08-break",
    title: "messages.stream(): break in the loop",
    answers: [hanging],
    reports: [partly({ outcome: "aborted", errorType: "signal" })],
    async app({ client, provider }) {
      const runner = client().messages.stream(ASK);
      for await (const each of runner) if (each.type === "content_block_delta") break;
      return [runner.aborted, await provider.clientLeft()];
    },
  },
  {
    id: "A08-error",
    title: "messages.stream(): an error status",
    answers: [failure(400, "invalid_request_error")],
    reports: [{ ...failed("invalid_request_error", ["400"]), stream: true }],
    async app({ client, log, provider }) {
      const runner = client().messages.stream(ASK);
      runner.on("error", (error) => log("error", error));
      return rejection(runner.finalMessage(), provider);
    },
  },
  ...[
    [400, "invalid_request_error"],
    [401, "authentication_error"],
    [404, "not_found_error"],
    [429, "rate_limit_error"],
    [500, "api_error"],
    [529, "overloaded_error"],
  ].map(([status, type]) => ({
    id: `A32-${status}`,
    title: `status ${status}`,
    answers: [failure(status, type)],
    reports: [failed(type, [String(status)])],
    app: ({ client, provider }) => rejection(client().messages.create(ASK), provider),
  })),
  {
    id: "A32-html",
    title: "an error page instead of JSON",
    answers: [
      { status: 502, headers: { "content-type": "text/html" }, parts: ["<h1>canary-error</h1>"] },
    ],
    reports: [failed("502", ["502"])],
    app: ({ client, provider }) => rejection(client().messages.create(ASK), provider),
  },
  {
    id: "A32-reset",
    title: "the connection is closed without an answer",
    answers: [{ parts: [], ending: "reset" }],
    reports: [failed("APIConnectionError", ANY)],
    whenRegistered: [failed("UND_ERR_SOCKET", ANY)],
    app: ({ client, provider }) => rejection(client().messages.create(ASK), provider),
  },
  {
    id: "A33-retries",
    title: "529 twice, then an answer: one call of three attempts",
    answers: [
      failure(529, "overloaded_error", { "retry-after-ms": "2" }),
      failure(529, "overloaded_error", { "retry-after-ms": "2" }),
      ok,
    ],
    reports: [chat({ attempts: ["529", "529", "ok"] })],
    app: ({ client }) => client({ maxRetries: 2 }).messages.create(ASK),
  },
  {
    id: "A36-never",
    title: "a rejection that nobody handles is reported once, as before",
    answers: [failure(400, "invalid_request_error")],
    reports: [failed("invalid_request_error", ["400"])],
    async app({ client, provider }) {
      void client()
        .messages.create(ASK)
        .then(() => {});
      await provider.answered();
      await passing(200);
    },
  },
  {
    id: "A24-dropped",
    title: "a stream that is never read, and dropped",
    answers: [hanging],
    reports: [partly({ outcome: "abandoned", errorType: ANY, responseModel: ANY })],
    keepsProvider: true,
    async app({ client, collectGarbage, turn }) {
      const drop = async () => void (await client().messages.create(STREAM));
      await drop();
      await turn();
      await collectGarbage();
    },
  },
  {
    id: "A39-twice",
    title: "a client observed twice, its fetch observed as well",
    answers: [ok],
    reports: [chat()],
    app: ({ client, observed, fetch }) => observed(client({ fetch })).messages.create(ASK),
  },
  {
    id: "A16-count-tokens",
    title: "countTokens(), models.list() and batches are passed through",
    answers: [
      json({ input_tokens: 7 }),
      json({ data: [{ id: "m", type: "model" }], has_more: false, first_id: "m", last_id: "m" }),
      json({ id: "msgbatch_1", type: "message_batch", processing_status: "in_progress" }),
    ],
    reports: [],
    unclassified: { count_tokens: "/count_tokens", models: "/models", batches: "/batches" },
    needs: (_subject, sdk) =>
      new (classOf(sdk))({ apiKey: "sk" }).messages.countTokens === undefined
        ? "no messages.countTokens()"
        : undefined,
    async app({ client }) {
      const anthropic = client();
      return [
        await anthropic.messages.countTokens({ model: MODEL, messages: ASK.messages }),
        await all(anthropic.models.list()),
        await anthropic.messages.batches.retrieve("msgbatch_1"),
      ];
    },
  },
  {
    id: "A09-tool-runner",
    title: "beta.messages.toolRunner(): the tool is called once, two calls of the model",
    answers: [
      json({
        ...MESSAGE,
        stop_reason: "tool_use",
        content: [
          { type: "tool_use", id: "toolu_1", name: "weather", input: { place: "canary-place" } },
        ],
      }),
      ok,
    ],
    reports: [chat({ finishReasons: ["tool_use"] }), chat()],
    needs: (_subject, sdk) =>
      typeof new (classOf(sdk))({ apiKey: "sk" }).beta?.messages?.toolRunner === "function"
        ? undefined
        : "no toolRunner()",
    async app({ client, log }) {
      const run = (input) => {
        log("tool", input);
        return "canary-rain";
      };
      const tool = {
        name: "weather",
        description: "canary-tool",
        input_schema: { type: "object" },
        run,
        parse: (input) => input,
      };
      return client()
        .beta.messages.toolRunner({ ...ASK, tools: [tool] })
        .runUntilDone();
    },
  },
];

function classOf(sdk) {
  return sdk.default?.default ?? sdk.default ?? sdk;
}
