import OpenAI from "openai";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { AnswerBehaviour, Behaviour } from "./behaviour.ts";
import { scriptedPlan } from "./plans.ts";
import { createSimulatedProvider, type SimulatedProvider } from "./simulated-provider.ts";

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const answer: AnswerBehaviour = {
  kind: "answer",
  promptTokens: 100,
  completionTokens: 50,
  cachedTokens: 40,
  reasoningTokens: 20,
  content: "one two three four",
};
const usage = {
  prompt_tokens: 100,
  completion_tokens: 50,
  total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 40 },
  completion_tokens_details: { reasoning_tokens: 20 },
};
const messages = [{ role: "user" as const, content: "Hello" }];
const chat = { model: "gpt-4o-mini", messages };
const tools = [{ type: "function" as const, function: { name: "get_weather", parameters: {} } }];

/** `Array.fromAsync`, which Node 20 lacks. */
async function readAll<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

type Connect = (provider: SimulatedProvider) => Promise<OpenAI>;
const clientOptions = { apiKey: "test", maxRetries: 0 };
const transports: [string, Connect][] = [
  ["in process", async ({ fetch }) => new OpenAI({ ...clientOptions, fetch })],
  [
    "over a socket",
    async (provider) => {
      const server = await provider.listen();
      cleanUps.push(server.close);
      return new OpenAI({ ...clientOptions, baseURL: `${server.url}/v1` });
    },
  ],
];

describe.each(transports)("%s, through the OpenAI SDK", (_name, connect) => {
  async function setUp(...behaviours: Behaviour[]) {
    const provider = createSimulatedProvider({ plan: scriptedPlan(behaviours), now: () => 5000 });
    return { provider, client: await connect(provider) };
  }

  test("answers a plain request with usage details and headers", async () => {
    const { provider, client } = await setUp({ ...answer, responseModel: "gpt-4o-mini-2024" });
    const { data, response, request_id } = await client.chat.completions
      .create(chat)
      .withResponse();
    expect(data).toMatchObject({
      id: "chatcmpl-000000",
      object: "chat.completion",
      created: 5,
      model: "gpt-4o-mini-2024",
      choices: [{ index: 0, finish_reason: "stop", message: { content: "one two three four" } }],
      usage,
    });
    expect(request_id).toBe("req_sim_000000");
    expect(response.headers.get("x-ratelimit-remaining-requests")).toBe("499");
    expect(provider.requests).toMatchObject([
      { index: 0, delivery: "sent", request: { model: "gpt-4o-mini", messagesCount: 1 } },
    ]);
  });

  test("streams in the asked number of pieces and tells usage last, when asked", async () => {
    const { provider, client } = await setUp({ ...answer, chunks: 2, chunkDelayMs: 1 });
    const stream = await client.chat.completions.create({
      ...chat,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await readAll(stream);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content)).toEqual([
      "",
      "one two",
      " three four",
      undefined,
      undefined,
    ]);
    expect(chunks.slice(0, -1).map((chunk) => chunk.usage)).toEqual([null, null, null, null]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage });
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
    expect(provider.requests[0]?.delivery).toBe("sent");
  });

  test("streams without usage unless asked", async () => {
    const { client } = await setUp(answer);
    const chunks = await readAll(await client.chat.completions.create({ ...chat, stream: true }));
    expect(chunks.every((chunk) => !("usage" in chunk))).toBe(true);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("stop");
  });

  test("answers with n choices, plain and streamed", async () => {
    const { client } = await setUp(answer);
    const plain = await client.chat.completions.create({ ...chat, n: 2 });
    expect(plain.choices.map((choice) => choice.index)).toEqual([0, 1]);

    const streamed = await client.chat.completions.stream({ ...chat, n: 2 }).finalChatCompletion();
    expect(streamed.choices.map((choice) => choice.message.content)).toEqual([
      answer.content,
      answer.content,
    ]);
  });

  test("calls an offered tool, and answers its result with text", async () => {
    const toolArguments = '{"city": "Paris"}';
    const { client } = await setUp({ ...answer, toolArguments });
    const call = { function: { name: "get_weather", arguments: toolArguments } };
    const expected = {
      choices: [{ finish_reason: "tool_calls", message: { content: null, tool_calls: [call] } }],
    };
    const plain = await client.chat.completions.create({ ...chat, tools });
    expect(plain).toMatchObject(expected);
    const stream = client.chat.completions.stream({ ...chat, tools });
    expect(await stream.finalChatCompletion()).toMatchObject(expected);

    const said = plain.choices.map((choice) => choice.message);
    const result = { role: "tool" as const, tool_call_id: "call-1", content: "rain" };
    const end = await client.chat.completions.create({
      ...chat,
      tools,
      messages: [...messages, ...said, result],
    });
    expect(end.choices[0]?.message.content).toBe(answer.content);
  });

  test.each([
    [400, OpenAI.BadRequestError, null, "invalid_request_error"],
    [401, OpenAI.AuthenticationError, "invalid_api_key", "invalid_request_error"],
    [404, OpenAI.NotFoundError, "model_not_found", "invalid_request_error"],
    [422, OpenAI.UnprocessableEntityError, null, "invalid_request_error"],
    [429, OpenAI.RateLimitError, "rate_limit_exceeded", "requests"],
    [500, OpenAI.InternalServerError, null, "server_error"],
  ])("status %i arrives as the SDK's own error", async (status, ErrorClass, code, type) => {
    const { client } = await setUp({ kind: "status", status });
    const error = await client.chat.completions.create(chat).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ErrorClass);
    expect(error).toMatchObject({ status, code, type, requestID: "req_sim_000000" });
  });

  test("a status carries its own code and type, and the SDK retries after the time it says", async () => {
    const limit: Behaviour = { kind: "status", status: 429, code: "a", type: "b", retryAfterMs: 1 };
    const { provider, client } = await setUp(limit, limit, answer);
    const error = await client.chat.completions.create(chat).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "a", type: "b" });

    await client.chat.completions.create(chat, { maxRetries: 1 });
    expect(provider.requests.map(({ request }) => request.retryCount)).toEqual([0, 0, 1]);
    expect(provider.requestCount).toBe(3);
  });

  test("a hanging request ends when the client's time is up", async () => {
    const { provider, client } = await setUp({ kind: "hang" });
    await expect(client.chat.completions.create(chat, { timeout: 40 })).rejects.toThrow(
      OpenAI.APIConnectionTimeoutError,
    );
    await vi.waitUntil(() => provider.requests[0]?.delivery === "client_gone");
  });

  test("latency is cut short when the client goes away", async () => {
    const { provider, client } = await setUp({ ...answer, latencyMs: 60_000 });
    await expect(
      client.chat.completions.create(chat, { signal: AbortSignal.timeout(40) }),
    ).rejects.toThrow(OpenAI.APIUserAbortError);
    await vi.waitUntil(() => provider.requests[0]?.delivery === "client_gone");
  });

  test("a stream that the client leaves stops sending", async () => {
    const { provider, client } = await setUp({ ...answer, chunkDelayMs: 20, chunks: 4 });
    const stream = await client.chat.completions.create({ ...chat, stream: true });
    for await (const _chunk of stream) break;
    await vi.waitFor(() => expect(provider.requests[0]?.delivery).toBe("client_gone"));
  });

  test.each([0, 1, 3])("a stream cut after %i chunks breaks there", async (afterChunks) => {
    const { provider, client } = await setUp({ kind: "cut", afterChunks, chunkDelayMs: 1 });
    const stream = await client.chat.completions.create({ ...chat, stream: true });
    let received = 0;
    const read = async () => {
      for await (const _chunk of stream) received += 1;
    };
    await expect(read()).rejects.toThrow("terminated");
    expect(received).toBe(afterChunks);
    expect(provider.requests[0]?.delivery).toBe("cut");
  });

  test("a cut plain answer breaks in the middle of its body", async () => {
    const { client } = await setUp({ kind: "cut", afterChunks: 1 });
    const response = await client.chat.completions.create(chat).asResponse();
    await expect(response.text()).rejects.toThrow("terminated");
  });

  test("a malformed answer fails to parse, plain and streamed", async () => {
    const { client } = await setUp({ kind: "malformed" });
    await expect(client.chat.completions.create(chat)).rejects.toThrow(SyntaxError);
    const quiet = client.withOptions({ logLevel: "off" });
    const stream = await quiet.chat.completions.create({ ...chat, stream: true });
    await expect(readAll(stream)).rejects.toThrow(SyntaxError);
  });

  test("lists its models", async () => {
    const { client } = await setUp(answer);
    const models = await client.models.list();
    expect(models.data.map((model) => model.id)).toEqual(["gpt-4o", "gpt-4o-mini", "o4-mini"]);
  });

  test("refuses a request without a model or messages, and an unknown route", async () => {
    const { provider, client } = await setUp(answer);
    await expect(client.chat.completions.create({ ...chat, model: "" })).rejects.toMatchObject({
      status: 400,
      param: "model",
    });
    await expect(client.chat.completions.create({ ...chat, messages: [] })).rejects.toMatchObject({
      status: 400,
      param: "messages",
    });
    await expect(client.files.list()).rejects.toMatchObject({ status: 404 });
    expect(provider.requestCount).toBe(0);
  });
});

test("a body that isn't JSON is a bad request", async () => {
  const provider = createSimulatedProvider({ plan: scriptedPlan([answer]) });
  const response = await provider.fetch("http://simulated/v1/chat/completions", {
    method: "POST",
    body: "{",
  });
  expect(response.status).toBe(400);
});

test("the request log is bounded, the count is not", async () => {
  const provider = createSimulatedProvider({
    plan: scriptedPlan([answer]),
    maxRecordedRequests: 2,
  });
  const client = new OpenAI({ ...clientOptions, fetch: provider.fetch });
  for (let sent = 0; sent < 5; sent += 1) await client.chat.completions.create(chat);
  expect(provider.requests.map(({ index }) => index)).toEqual([3, 4]);
  expect(provider.requestCount).toBe(5);
});

test("time is injected", async () => {
  const waits: number[] = [];
  const provider = createSimulatedProvider({
    plan: scriptedPlan([{ ...answer, latencyMs: 9000, chunkDelayMs: 700, chunks: 1 }]),
    sleep: async (ms) => void waits.push(ms),
  });
  const client = new OpenAI({ ...clientOptions, fetch: provider.fetch });
  await readAll(await client.chat.completions.create({ ...chat, stream: true }));
  expect(waits).toEqual([9000, 700, 700, 700, 700]);
});

test("a taken port rejects, and close() breaks what hangs", async () => {
  const provider = createSimulatedProvider({ plan: scriptedPlan([{ kind: "hang" }]) });
  const server = await provider.listen();
  await expect(provider.listen({ port: server.port })).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
  const client = new OpenAI({ ...clientOptions, baseURL: `${server.url}/v1` });
  const hanging = client.chat.completions.create(chat).catch((error: unknown) => error);
  await vi.waitUntil(() => provider.requestCount === 1);
  await server.close();
  await server.close();
  expect(await hanging).toBeInstanceOf(OpenAI.APIConnectionError);
});
