import { createOpenAI } from "@ai-sdk/openai";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { embed, generateText, jsonSchema, Output, streamText, tool } from "ai";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Fetch } from "../../src/clients/index.ts";
import { observedClients } from "../support/observed-clients.ts";
import { responseEvents, responseObject } from "../support/openai-responses.ts";
import { poll } from "../support/poll.ts";

const USAGE = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };
const ANSWER = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_750_000_000,
  model: "gpt-4o-mini-2024-07-18",
  choices: [
    { index: 0, message: { role: "assistant", content: '{"a":1}' }, finish_reason: "stop" },
  ],
  usage: USAGE,
};
const CHUNK = {
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt-4o-mini",
};
const CHUNKS = [
  { ...CHUNK, choices: [{ index: 0, delta: { role: "assistant", content: "Hello " } }] },
  { ...CHUNK, choices: [{ index: 0, delta: { content: "there" } }] },
  { ...CHUNK, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  { ...CHUNK, choices: [], usage: USAGE },
];
const EMBEDDINGS = {
  object: "list",
  model: "text-embedding-3-small",
  data: [{ object: "embedding", index: 0, embedding: [0.5, 0.25] }],
  usage: { prompt_tokens: 8, total_tokens: 8 },
};

const json = (body: unknown, status = 200) => Response.json(body, { status });

function events(payloads: readonly object[], end = ""): Response {
  const text = payloads.map((payload) => `data: ${JSON.stringify(payload)}\n\n`).join("");
  return new Response(text + end, { headers: { "content-type": "text/event-stream" } });
}

/** Its first chunk, and then nothing until `signal` fires. */
function endlessStream(signal: AbortSignal | null | undefined): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from(`data: ${JSON.stringify(CHUNKS[0])}\n\n`));
      signal?.addEventListener("abort", () => controller.error(signal.reason));
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

let observed: ReturnType<typeof observedClients>;
let answers: Response[];
let fetch: Fetch;

beforeEach(() => {
  vi.stubEnv("LANGSMITH_TRACING", "false");
  observed = observedClients();
  answers = [];
  // what `obs.fetch` is
  fetch = observed.fetches.observe(async () => answers.shift() ?? Response.error());
});

afterEach(() => {
  vi.unstubAllEnvs();
  observed.tracker.shutdown();
  expect(observed.problems).toEqual([]);
});

async function ends() {
  await poll("an end", () => observed.ended().length > 0);
  expect(observed.tracker.openCount).toBe(0);
  return observed.ended().map(({ data }) => data);
}

describe("the AI SDK with an observed fetch", () => {
  const openai = () => createOpenAI({ apiKey: "sk-test", fetch });

  it("generates text by chat completions", async () => {
    answers = [json(ANSWER)];
    const { text, usage } = await generateText({
      model: openai().chat("gpt-4o-mini"),
      prompt: "Hi",
    });
    expect(text).toBe('{"a":1}');
    expect(usage).toMatchObject({ inputTokens: 9, outputTokens: 3 });
    expect(await ends()).toMatchObject([
      {
        provider: "openai",
        model: "gpt-4o-mini",
        wireFormat: "openai.chat_completions",
        outcome: "success",
        usage: { inputTokens: 9, outputTokens: 3 },
      },
    ]);
  });

  it("generates text by responses, as it does unless told otherwise", async () => {
    answers = [json(responseObject("completed"))];
    await generateText({ model: openai()("gpt-4o-mini"), prompt: "Hi" });
    expect(await ends()).toMatchObject([
      { wireFormat: "openai.responses", outcome: "success", usage: { inputTokens: 100 } },
    ]);
  });

  it("streams text, whole or left early", async () => {
    answers = [events(CHUNKS, "data: [DONE]\n\n"), events(responseEvents("completed"))];
    const pieces = [];
    const whole = streamText({ model: openai().chat("gpt-4o-mini"), prompt: "Hi" });
    for await (const piece of whole.textStream) pieces.push(piece);
    expect(pieces.join("")).toBe("Hello there");
    expect(await ends()).toMatchObject([
      { stream: true, outcome: "success", usage: { inputTokens: 9 }, finishReasons: ["stop"] },
    ]);
    const responses = streamText({ model: openai()("gpt-4o-mini"), prompt: "Hi" });
    expect(await responses.text).toBe("Guten Tag, schöne Welt");
    expect((await ends()).at(-1)).toMatchObject({ wireFormat: "openai.responses", stream: true });
  });

  it("reports a stream that its caller aborts", async () => {
    const endless = observed.fetches.observe(async (_url, init) => endlessStream(init?.signal));
    const controller = new AbortController();
    const { textStream } = streamText({
      model: createOpenAI({ apiKey: "sk-test", fetch: endless }).chat("gpt-4o-mini"),
      prompt: "Hi",
      abortSignal: controller.signal,
      onError: () => {},
    });
    for await (const _piece of textStream) controller.abort();
    expect(await ends()).toMatchObject([{ outcome: "aborted", errorType: "signal" }]);
  });

  it("has an operation for each turn with a tool, and for an object", async () => {
    const call = {
      id: "call_1",
      type: "function",
      function: { name: "weather", arguments: "{}" },
    };
    const message = { role: "assistant", content: null, tool_calls: [call] };
    const asking = { ...ANSWER, choices: [{ index: 0, message, finish_reason: "tool_calls" }] };
    answers = [json(asking), json(ANSWER)];
    const schema = jsonSchema<object>({ type: "object", properties: {} });
    const weather = tool({ inputSchema: schema, execute: () => "rain" });
    await generateText({
      model: openai().chat("gpt-4o-mini"),
      prompt: "Hi",
      tools: { weather },
      stopWhen: ({ steps }) => steps.length === 2,
      output: Output.object({ schema }),
    });
    expect(
      (await ends()).map(({ toolCallsCount, toolsCount }) => [toolsCount, toolCallsCount]),
    ).toEqual([
      [1, 1],
      [1, 0],
    ]);
  });

  it("embeds", async () => {
    answers = [json(EMBEDDINGS)];
    await embed({ model: openai().embedding("text-embedding-3-small"), value: "Hi" });
    expect(await ends()).toMatchObject([{ operation: "embeddings", usage: { inputTokens: 8 } }]);
  });

  it("numbers no attempts: each of its retries is an operation of its own", async () => {
    const error = { code: "rate_limit_exceeded", message: "secret" };
    const refused = Response.json({ error }, { status: 429, headers: { "retry-after-ms": "1" } });
    answers = [refused, json(ANSWER)];
    await generateText({ model: openai().chat("gpt-4o-mini"), prompt: "Hi", maxRetries: 1 });
    expect((await ends()).map(({ outcome }) => outcome)).toEqual(["error", "success"]);
  });
});

describe("LangChain with an observed fetch", () => {
  const model = () =>
    new ChatOpenAI({ model: "gpt-4o-mini", apiKey: "sk-test", configuration: { fetch } });

  it("invokes a model", async () => {
    answers = [json(ANSWER)];
    const { content } = await model().invoke("Hi");
    expect(content).toBe('{"a":1}');
    expect(await ends()).toMatchObject([
      {
        provider: "openai",
        model: "gpt-4o-mini",
        wireFormat: "openai.chat_completions",
        outcome: "success",
        usage: { inputTokens: 9, outputTokens: 3 },
      },
    ]);
  });

  it("streams", async () => {
    answers = [events(CHUNKS, "data: [DONE]\n\n")];
    let text = "";
    for await (const chunk of await model().stream("Hi")) text += chunk.text;
    expect(text).toBe("Hello there");
    expect(await ends()).toMatchObject([
      { stream: true, outcome: "success", usage: { inputTokens: 9, outputTokens: 3 } },
    ]);
  });

  it("uses the Responses API", async () => {
    answers = [json(responseObject("completed"))];
    const responses = new ChatOpenAI({
      model: "gpt-4o-mini",
      apiKey: "sk-test",
      useResponsesApi: true,
      configuration: { fetch },
    });
    await responses.invoke("Hi");
    expect(await ends()).toMatchObject([{ wireFormat: "openai.responses", outcome: "success" }]);
  });

  it("embeds", async () => {
    answers = [json(EMBEDDINGS)];
    const embeddings = new OpenAIEmbeddings({
      model: "text-embedding-3-small",
      apiKey: "sk-test",
      configuration: { fetch },
    });
    await embeddings.embedQuery("Hi");
    expect(await ends()).toMatchObject([{ operation: "embeddings", usage: { inputTokens: 8 } }]);
  });

  it("is observed once when its requests go through an observed global fetch as well", async () => {
    answers = [json(ANSWER)];
    const outer = observed.fetches.observe((...args) => fetch(...args));
    const nested = new ChatOpenAI({
      model: "gpt-4o-mini",
      apiKey: "sk-test",
      configuration: { fetch: outer },
    });
    await nested.invoke("Hi");
    expect(await ends()).toHaveLength(1);
  });
});
