import {
  ANY,
  CHAT,
  chat,
  chunk,
  chunks,
  completion,
  DONE,
  events,
  finish,
  hanging,
  json,
  STREAM,
  streamed,
  streamedChat,
  usageChunk,
} from "./openai-answers.js";
import { all, rejection } from "./reading.js";

const STRUCTURED = '{"answer":"canary-answer"}';
const toolCall = {
  id: "call_1",
  type: "function",
  function: { name: "weather", arguments: '{"place":"canary-place"}' },
};
const callsTool = completion({ content: null, tool_calls: [toolCall] }, { finish: "tool_calls" });
const toolChunks = [
  chunk({
    choices: [
      {
        index: 0,
        delta: { role: "assistant", content: null, tool_calls: [{ index: 0, ...toolCall }] },
        finish_reason: null,
      },
    ],
    usage: null,
  }),
  finish("tool_calls"),
  usageChunk(),
];

/** The helpers that OpenAI's SDK builds on `create`. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  {
    id: "C07-parse",
    title: "chat.completions.parse(): .parsed, one call",
    answers: [json(completion({ content: STRUCTURED }))],
    reports: [chat()],
    needs: lacks("parse"),
    app: ({ client }) =>
      completions(client(), "parse").parse({ ...CHAT, response_format: format() }),
  },
  {
    id: "C07-with-response",
    title: "parse().withResponse() and parse().asResponse()",
    answers: [json(completion({ content: STRUCTURED }))],
    reports: [chat(), chat()],
    needs: lacks("parse"),
    async app({ client }) {
      const resource = completions(client(), "parse");
      const request = { ...CHAT, response_format: format() };
      const raw = await resource.parse(request).asResponse();
      return [await resource.parse(request).withResponse(), raw, await raw.json()];
    },
  },
  {
    id: "C07-length",
    title: "parse() of an answer that is too long: the SDK's error, a call that went well",
    answers: [json(completion({ content: '{"answer":' }, { finish: "length" }))],
    reports: [chat({ finishReasons: ["length"] })],
    needs: lacks("parse"),
    app: ({ client, provider }) =>
      rejection(
        completions(client(), "parse").parse({ ...CHAT, response_format: format() }),
        provider,
      ),
  },
  {
    id: "C07-tools",
    title: "parse() with a strict tool",
    answers: [json(callsTool)],
    reports: [chat({ finishReasons: ["tool_calls"] })],
    needs: lacks("parse"),
    app: ({ client }) => completions(client(), "parse").parse({ ...CHAT, tools: [strictTool()] }),
  },
  {
    id: "C08-stream",
    title: "chat.completions.stream(): events in order, final values",
    answers: [streamed],
    reports: [streamedChat()],
    needs: lacks("stream"),
    async app({ client, log }) {
      const runner = completions(client(), "stream").stream({
        ...CHAT,
        stream_options: { include_usage: true },
      });
      for (const name of [
        "connect",
        "chunk",
        "content",
        "content.delta",
        "content.done",
        "message",
        "finalContent",
        "end",
        "abort",
        "error",
      ]) {
        runner.on(name, (...values) => log(name, ...values));
      }
      const final = [
        await runner.finalChatCompletion(),
        await runner.finalContent(),
        await runner.totalUsage?.(),
      ];
      await runner.done();
      return {
        final,
        runner: [runner.constructor.name, runner.ended, runner.errored, runner.aborted],
        keys: Object.keys(runner),
      };
    },
  },
  {
    id: "C08-iterate",
    title: "stream(): iterated, and a stream of its own to read",
    answers: [streamed],
    reports: [streamedChat()],
    needs: lacks("stream"),
    async app({ client }) {
      const runner = completions(client(), "stream").stream(STREAM);
      return all(runner);
    },
  },
  {
    id: "C08-abort",
    title: "stream(): abort()",
    answers: [hanging],
    reports: [
      streamedChat({
        outcome: "aborted",
        errorType: "signal",
        usage: undefined,
        finishReasons: [],
      }),
    ],
    needs: lacks("stream"),
    async app({ client, provider }) {
      const runner = completions(client(), "stream").stream(STREAM);
      await new Promise((resolve) => runner.once("content", resolve));
      runner.abort();
      const error = await runner.done().catch((reason) => reason);
      return { error, aborted: runner.aborted, left: await provider.clientLeft() };
    },
  },
  {
    id: "C08-break",
    title: "stream(): break in the loop",
    answers: [hanging],
    reports: [
      streamedChat({
        // not every version gives the request up
        responseModel: ANY,
        outcome: ANY,
        errorType: ANY,
        usage: undefined,
        finishReasons: [],
      }),
    ],
    needs: lacks("stream"),
    async app({ client, provider }) {
      const runner = completions(client(), "stream").stream(STREAM);
      for await (const each of runner) {
        if (each) break;
      }
      return { aborted: runner.aborted, left: await provider.clientLeft() };
    },
  },
  {
    id: "C08-to-readable",
    title: "stream().toReadableStream() and fromReadableStream()",
    answers: [streamed],
    reports: [streamedChat()],
    needs: lacks("stream"),
    async app({ client, turn }) {
      const runner = completions(client(), "stream").stream(STREAM);
      const readable = runner.toReadableStream();
      await turn();
      const copy = runner.constructor.fromReadableStream(readable);
      return copy.finalChatCompletion();
    },
  },
  {
    id: "C08-error",
    title: "stream(): an error status",
    answers: [{ status: 500, parts: ["{}"] }],
    reports: [
      streamedChat({
        outcome: "error",
        errorType: "500",
        attempts: ["500"],
        responseModel: undefined,
        usage: undefined,
        finishReasons: [],
      }),
    ],
    needs: lacks("stream"),
    async app({ client, log, provider }) {
      const runner = completions(client(), "stream").stream(STREAM);
      runner.on("error", (error) => log("error", error));
      return [await rejection(runner.finalChatCompletion(), provider), runner.errored];
    },
  },
  {
    id: "C09-run-tools",
    title: "runTools(): the tool is called once, two calls of the model",
    answers: [json(callsTool), json(completion())],
    reports: [chat({ finishReasons: ["tool_calls"] }), chat()],
    needs: lacks("runTools"),
    app: ({ client, log }) => runTools(completions(client(), "runTools"), { log, request: CHAT }),
  },
  {
    id: "C09-run-tools-stream",
    title: "runTools() of a stream",
    answers: [events([...toolChunks, DONE]), events([...chunks, DONE])],
    reports: [streamedChat({ finishReasons: ["tool_calls"] }), streamedChat()],
    needs: lacks("runTools"),
    app: ({ client, log }) => runTools(completions(client(), "runTools"), { log, request: STREAM }),
  },
  {
    id: "C09-tool-throws",
    title: "runTools(): a tool that throws",
    answers: [json(callsTool), json(completion())],
    reports: [chat({ finishReasons: ["tool_calls"] })],
    needs: lacks("runTools"),
    app: ({ client, log, provider }) =>
      rejection(
        runTools(completions(client(), "runTools"), {
          log,
          request: CHAT,
          fails: new Error("canary-mine"),
        }),
        provider,
      ),
  },
];

/** The resource that has `method`; in some majors it is below `beta`. */
function completions(client, method) {
  return [client.chat?.completions, client.beta?.chat?.completions].find(
    (resource) => typeof resource?.[method] === "function",
  );
}

function lacks(method) {
  return (_subject, sdk) => {
    const Client = sdk.default?.default ?? sdk.default ?? sdk;
    const client = new Client({ apiKey: "sk" });
    return completions(client, method) === undefined
      ? `no chat.completions.${method}()`
      : undefined;
  };
}

/** As `zodResponseFormat()` makes it, without zod. */
function format() {
  const schema = {
    type: "object",
    properties: { answer: { type: "string" } },
    required: ["answer"],
    additionalProperties: false,
  };
  return parseable(
    { type: "json_schema", json_schema: { name: "answer", strict: true, schema } },
    "auto-parseable-response-format",
  );
}

function strictTool() {
  const parameters = {
    type: "object",
    properties: { place: { type: "string" } },
    required: ["place"],
    additionalProperties: false,
  };
  return parseable(
    { type: "function", function: { name: "weather", strict: true, parameters } },
    "auto-parseable-tool",
  );
}

function parseable(value, brand) {
  return Object.defineProperties(value, {
    $brand: { value: brand, enumerable: false },
    $parseRaw: { value: (text) => ({ parsed: JSON.parse(text) }), enumerable: false },
    $callback: { value: undefined, enumerable: false },
  });
}

async function runTools(resource, { log, request, fails }) {
  function weather(place) {
    log("tool", place);
    if (fails) throw fails;
    return "canary-rain";
  }
  const runner = resource.runTools({
    ...request,
    tools: [
      {
        type: "function",
        function: {
          name: "weather",
          description: "canary-tool",
          parameters: { type: "object" },
          parse: JSON.parse,
          function: weather,
        },
      },
    ],
  });
  for (const name of [
    "message",
    "functionCall",
    "functionToolCall",
    "functionCallResult",
    "functionToolCallResult",
    "finalContent",
    "end",
  ]) {
    runner.on(name, (...values) => log(name, ...values));
  }
  return [await runner.finalContent(), await runner.totalUsage?.(), runner.messages];
}
