import {
  ANY,
  CHAT,
  chunk,
  chunks,
  delta,
  DONE,
  events,
  finish,
  STREAM,
  streamed,
  streamedChat,
  usageChunk,
} from "./openai-answers.js";
import { all } from "./reading.js";

const noUsage = { usage: undefined, finishReasons: [] };

/** Streams read to their end, whatever they hold. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  {
    id: "C18-full",
    title: "a stream read to its end: every chunk, in order",
    answers: [streamed],
    reports: [streamedChat()],
    app: async ({ client }) => all(await client().chat.completions.create(STREAM)),
  },
  {
    id: "C18-choices",
    title: "interleaved choices and tool-call deltas",
    answers: [events([...choices(), DONE])],
    reports: [streamedChat({ finishReasons: ["stop", "tool_calls"] })],
    app: async ({ client }) => all(await client().chat.completions.create({ ...STREAM, n: 2 })),
  },
  {
    id: "C18-pieces",
    title: "a stream that arrives five bytes at a time, in the middle of characters",
    answers: [inPieces()],
    reports: [streamedChat()],
    app: async ({ client }) => all(await client().chat.completions.create(STREAM)),
  },
  {
    id: "C18-no-usage",
    title: "a stream without usage: none is invented",
    answers: [events([...chunks.slice(0, -1), DONE])],
    reports: [streamedChat({ usage: undefined })],
    app: async ({ client }) =>
      all(await client().chat.completions.create({ ...CHAT, stream: true })),
  },
  {
    id: "C31-odd",
    title:
      "odd chunks: no choices, usage in every chunk, usage null, unknown fields and events, comments",
    answers: [
      events([
        chunk({ choices: [] }),
        chunk({}),
        ": keep-alive\n\n",
        chunk({
          choices: [{ index: 0, delta: { content: "canary-answer" }, finish_reason: null }],
          usage: { prompt_tokens: 1, completion_tokens: 1 },
        }),
        { ...delta("x"), odd: { deep: [1] } },
        finish(),
        usageChunk({ prompt_tokens: 100, completion_tokens: 2 }),
        DONE,
      ]),
    ],
    reports: [streamedChat({ usage: { inputTokens: 100, outputTokens: 2 } })],
    app: async ({ client }) => all(await client().chat.completions.create(STREAM)),
  },
  {
    id: "C31-no-done",
    title: "a stream that ends without [DONE]",
    answers: [events(chunks)],
    reports: [streamedChat()],
    app: async ({ client }) => all(await client().chat.completions.create(STREAM)),
  },
  {
    id: "C31-line-ends",
    title: "events with CR LF, and with lines of several data fields",
    answers: [
      events([
        ...chunks.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`),
        "data: [DONE]\r\n\r\n",
      ]),
    ],
    reports: [streamedChat()],
    app: async ({ client }) => all(await client().chat.completions.create(STREAM)),
  },
  {
    id: "C31-empty",
    title: "a stream with no event at all",
    answers: [events([])],
    reports: [streamedChat({ ...noUsage, responseModel: ANY, outcome: ANY, errorType: ANY })],
    app: async ({ client }) => all(await client().chat.completions.create(STREAM)),
  },
];

function choices() {
  const tool = (fields) =>
    chunk({
      choices: [
        { index: 1, delta: { tool_calls: [{ index: 0, ...fields }] }, finish_reason: null },
      ],
      usage: null,
    });
  return [
    delta("canary-answer"),
    tool({ id: "call_1", type: "function", function: { name: "f", arguments: "" } }),
    delta("a", 0),
    tool({ function: { arguments: '{"canary-tool' } }),
    delta("b", 0),
    tool({ function: { arguments: '":1}' } }),
    finish("stop", 0),
    finish("tool_calls", 1),
    usageChunk(),
  ];
}

function inPieces() {
  const text = [...chunks.slice(0, 2), delta("ü🦜\u2028"), ...chunks.slice(-2)]
    .map((each) => `data: ${JSON.stringify(each)}\n\n`)
    .join("");
  const bytes = Buffer.from(`${text}${DONE}`);
  const parts = Array.from({ length: Math.ceil(bytes.length / 5) }, (_, index) =>
    bytes.subarray(index * 5, index * 5 + 5),
  );
  return events([], { parts });
}
