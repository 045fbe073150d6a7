import type OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Behaviour,
  createSimulatedProvider,
  type ListeningHandler,
  type SimulatedProvider,
} from "../../src/testing/index.ts";
import { observedClients } from "../support/observed-clients.ts";
import { poll } from "../support/poll.ts";

const VERSIONS = ["openai-4-oldest", "openai-4", "openai-5", "openai", "openai-7"] as const;

const ANSWER: Behaviour = {
  kind: "answer",
  promptTokens: 100,
  cachedTokens: 60,
  completionTokens: 20,
  reasoningTokens: 5,
  content: "Hello there, this is an answer in pieces.",
};
const USAGE = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 60, reasoningTokens: 5 };

const CHAT = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "Hi" }] };
const STREAM = { ...CHAT, stream: true as const, stream_options: { include_usage: true } };

describe.each(VERSIONS)("an observed client of %s", (version) => {
  let behaviours: Behaviour[];
  let provider: SimulatedProvider;
  let server: ListeningHandler;
  let Client: typeof OpenAI;
  let observed: ReturnType<typeof observedClients>;

  beforeEach(async () => {
    behaviours = [ANSWER];
    provider = createSimulatedProvider({
      plan: (_request, index) => behaviours[Math.min(index, behaviours.length - 1)] ?? ANSWER,
    });
    server = await provider.listen();
    // the four majors share the surface that is used here
    Client = ((await import(version)) as { default: typeof OpenAI }).default;
    observed = observedClients();
  });

  afterEach(async () => {
    observed.tracker.shutdown();
    await server.close();
    expect(observed.problems).toEqual([]);
  });

  function bareClient(options: object = {}): OpenAI {
    return new Client({
      apiKey: "sk-test",
      baseURL: `${server.url}/v1`,
      maxRetries: 0,
      timeout: 3000,
      ...options,
    });
  }

  function client(options: object = {}): OpenAI {
    return observed.clients.observe(bareClient(options));
  }

  async function onlyEnd() {
    await poll("an end", () => observed.ended().length > 0);
    expect(observed.events.filter(({ type }) => type === "llm_request_started")).toHaveLength(1);
    expect(observed.ended()).toHaveLength(1);
    const [event] = observed.ended();
    if (event === undefined) throw new Error("no end");
    expect(event.causationId).toBe(observed.events[0]?.id);
    return event.data;
  }

  it("gives the same answer, and reports usage, model and finish reason", async () => {
    const bare = await bareClient().chat.completions.create(CHAT);
    const answer = await client().chat.completions.create(CHAT);
    const ownFields = { id: "", created: 0 };
    expect({ ...answer, ...ownFields }).toEqual({ ...bare, ...ownFields });
    // the oldest SDK does not know it
    const requestId = version === "openai-4-oldest" ? undefined : "req_sim_000001";
    expect(answer._request_id).toBe(requestId);
    const data = await onlyEnd();
    expect(data).toMatchObject({
      provider: "openai",
      model: "gpt-4o-mini",
      outcome: "success",
      stream: false,
      messagesCount: 1,
      finishReasons: ["stop"],
      usage: USAGE,
      httpStatus: 200,
      serverAddress: "127.0.0.1",
      serverPort: server.port,
    });
    expect(data.attempts.map(({ result }) => result)).toEqual(["ok"]);
    expect(data.timeToFirstTokenMs).toBeUndefined();
  });

  it("sends the same request as the bare client", async () => {
    const requests: { url: string; init: RequestInit | undefined }[] = [];
    const fetch: typeof globalThis.fetch = (input, init) => {
      requests.push({ url: new Request(input).url, init });
      return provider.fetch(input, init);
    };
    await bareClient({ fetch }).chat.completions.create(STREAM);
    await client({ fetch }).chat.completions.create(STREAM);
    const [bare, seen] = requests.map(({ url, init }) => ({
      url,
      method: init?.method,
      body: init?.body,
      headers: Object.fromEntries(new Headers(init?.headers)),
    }));
    expect(seen).toEqual(bare);
  });

  it("streams the same chunks, and reports usage and time to first token", async () => {
    const bare = [];
    for await (const chunk of await bareClient().chat.completions.create(STREAM)) bare.push(chunk);
    const chunks = [];
    for await (const chunk of await client().chat.completions.create(STREAM)) chunks.push(chunk);
    const id = { id: "", created: 0 };
    expect(chunks.map((c) => ({ ...c, ...id }))).toEqual(bare.map((c) => ({ ...c, ...id })));
    const data = await onlyEnd();
    expect(data).toMatchObject({ outcome: "success", usage: USAGE, finishReasons: ["stop"] });
    expect(data.timeToFirstTokenMs).toBeGreaterThan(0);
    expect(data.timeToFirstTokenMs).toBeLessThanOrEqual(data.durationMs);
    const content = chunks.filter(({ choices }) => choices[0]?.delta.content);
    expect(data.outputChunks?.count).toBe(content.length);
  });

  it("invents no usage for a stream that has none", async () => {
    const stream = await client().chat.completions.create({ ...CHAT, stream: true });
    for await (const chunk of stream) expect(chunk.choices).toHaveLength(1);
    expect(await onlyEnd()).toMatchObject({ outcome: "success" });
    expect((await onlyEnd()).usage).toBeUndefined();
  });

  it("counts the SDK's retries as attempts of one operation", async () => {
    behaviours = [
      { kind: "status", status: 429, retryAfterMs: 1 },
      { kind: "status", status: 503, retryAfterMs: 1 },
      ANSWER,
    ];
    await client({ maxRetries: 2 }).chat.completions.create(CHAT);
    const data = await onlyEnd();
    expect(data.outcome).toBe("success");
    expect(data.attempts.map(({ result }) => result)).toEqual(["429", "503", "ok"]);
  });

  it("reports the provider's code when all attempts have failed, and rejects as the bare client does", async () => {
    behaviours = [{ kind: "status", status: 429, code: "rate_limit_exceeded", retryAfterMs: 1 }];
    const error = await client({ maxRetries: 1 })
      .chat.completions.create(CHAT)
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    expect(error).toBeInstanceOf(Client.RateLimitError);
    expect(error).toMatchObject({ status: 429, code: "rate_limit_exceeded" });
    const data = await onlyEnd();
    expect(data).toMatchObject({ outcome: "error", errorType: "rate_limit_exceeded" });
    expect(data.attempts).toHaveLength(2);
  });

  it("reports a client time-out as an error", async () => {
    behaviours = [{ kind: "hang" }];
    await expect(client({ timeout: 50 }).chat.completions.create(CHAT)).rejects.toBeInstanceOf(
      Client.APIConnectionTimeoutError,
    );
    expect(await onlyEnd()).toMatchObject({
      outcome: "error",
      errorType: "APIConnectionTimeoutError",
    });
  });

  it("reports a refused connection as an error", async () => {
    await server.close();
    await expect(client().chat.completions.create(CHAT)).rejects.toBeInstanceOf(
      Client.APIConnectionError,
    );
    expect(await onlyEnd()).toMatchObject({ outcome: "error", errorType: "APIConnectionError" });
    expect((await onlyEnd()).attempts[0]?.result).toBe("ECONNREFUSED");
  });

  it("reports an abort before the headers as aborted", async () => {
    behaviours = [{ kind: "hang" }];
    const controller = new AbortController();
    const call = client().chat.completions.create(CHAT, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await expect(call).rejects.toBeInstanceOf(Client.APIUserAbortError);
    expect(await onlyEnd()).toMatchObject({ outcome: "aborted", errorType: "signal" });
  });

  it("reports a call whose signal had fired before as aborted, without an attempt", async () => {
    const signal = AbortSignal.abort();
    await expect(client().chat.completions.create(CHAT, { signal })).rejects.toBeInstanceOf(
      Client.APIUserAbortError,
    );
    expect(provider.requestCount).toBe(0);
    expect(await onlyEnd()).toMatchObject({
      model: "gpt-4o-mini",
      outcome: "aborted",
      errorType: "signal",
      attempts: [],
    });
  });

  it("reports the caller's signal in the middle of a stream as aborted; the loop ends silently", async () => {
    behaviours = [{ ...ANSWER, chunks: 8, chunkDelayMs: 20 }];
    const controller = new AbortController();
    const { signal } = controller;
    const stream = await client().chat.completions.create(STREAM, { signal });
    let seen = 0;
    for await (const _chunk of stream) if (++seen === 3) controller.abort();
    expect(await onlyEnd()).toMatchObject({ outcome: "aborted", errorType: "signal" });
  });

  it("reports stream.controller.abort() as aborted, or as abandoned where the SDK leaves in silence", async () => {
    behaviours = [{ ...ANSWER, chunks: 8, chunkDelayMs: 20 }];
    const stream = await client().chat.completions.create(STREAM);
    let seen = 0;
    for await (const _chunk of stream) if (++seen === 3) stream.controller.abort();
    const outcome = version === "openai-7" ? "abandoned" : "aborted";
    expect(await onlyEnd()).toMatchObject({ outcome });
  });

  it("reports leaving a stream early as abandoned at once, and stops the request", async () => {
    behaviours = [{ ...ANSWER, chunks: 8, chunkDelayMs: 20 }];
    const stream = await client().chat.completions.create(STREAM);
    for await (const _chunk of stream) break;
    expect(observed.ended()).toHaveLength(1);
    expect(await onlyEnd()).toMatchObject({ outcome: "abandoned", errorType: "left_early" });
    expect(stream.controller.signal.aborted).toBe(true);
  });

  it("reports a connection that breaks in the middle as truncated, with the chunks before it", async () => {
    behaviours = [{ kind: "cut", afterChunks: 3, chunkDelayMs: 5 }];
    const stream = await client().chat.completions.create(STREAM);
    let seen = 0;
    await expect(async () => {
      for await (const _chunk of stream) seen += 1;
    }).rejects.toThrow();
    expect(seen).toBeGreaterThan(0);
    expect(await onlyEnd()).toMatchObject({ outcome: "truncated" });
  });

  it("reports a plain answer that breaks off as truncated", async () => {
    behaviours = [{ kind: "cut", afterChunks: 1 }];
    await expect(client().chat.completions.create(CHAT)).rejects.toThrow();
    expect(await onlyEnd()).toMatchObject({ outcome: "truncated" });
  });

  it("reports an answer that is no JSON as an error", async () => {
    behaviours = [{ kind: "malformed" }];
    await expect(client().chat.completions.create(CHAT)).rejects.toThrow();
    expect(await onlyEnd()).toMatchObject({ outcome: "error", errorType: "malformed_response" });
  });

  it("leaves the body of asResponse() unread, and ends when the caller has read it", async () => {
    const response = await client().chat.completions.create(CHAT).asResponse();
    expect(response.bodyUsed).toBe(false);
    expect(observed.ended()).toHaveLength(0);
    const body = (await response.json()) as { model: string };
    expect(body.model).toBe("gpt-4o-mini");
    expect(await onlyEnd()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("keeps withResponse(), awaiting twice, and one request for all of it", async () => {
    const call = client().chat.completions.create(CHAT);
    const [first, second, { data, response }] = await Promise.all([
      call,
      call,
      call.withResponse(),
    ]);
    expect(second).toBe(first);
    expect(data).toEqual(first);
    expect(response.status).toBe(200);
    expect(provider.requestCount).toBe(1);
    await onlyEnd();
  });

  it("keeps tee(): both branches are complete, usage counts once", async () => {
    const stream = await client().chat.completions.create(STREAM);
    const read = async (branch: AsyncIterable<unknown>) => {
      let count = 0;
      for await (const _chunk of branch) count += 1;
      return count;
    };
    const [left, right] = await Promise.all(stream.tee().map(read));
    expect(left).toBe(right);
    expect(await onlyEnd()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("ends a stream that nobody reads when it has been idle for too long", async () => {
    observed = observedClients({ idleLimitMs: 0 });
    await client().chat.completions.create(STREAM);
    observed.tracker.sweepIdle();
    expect(await onlyEnd()).toMatchObject({ outcome: "abandoned", errorType: "idle" });
  });

  it.skipIf(version.startsWith("openai-4"))(
    "observes a copy made by withOptions() once, with its retries as attempts",
    async () => {
      behaviours = [{ kind: "status", status: 500, retryAfterMs: 1 }, ANSWER];
      await client().withOptions({ maxRetries: 1 }).chat.completions.create(CHAT);
      expect((await onlyEnd()).attempts).toHaveLength(2);
    },
  );

  it("counts once when observed twice, and under an observed global fetch", async () => {
    const twice = observed.clients.observe(client({ fetch: observed.fetches.observe(fetch) }));
    await twice.chat.completions.create(CHAT);
    expect(await onlyEnd()).toMatchObject({ outcome: "success" });
  });

  it("is the same object, and looks the same", () => {
    const bare = bareClient();
    const keys = Object.keys(bare);
    expect(observed.clients.observe(bare)).toBe(bare);
    expect(bare).toBeInstanceOf(Client);
    expect(Object.keys(bare)).toEqual(keys);
  });

  it("is bare again after unobserve()", async () => {
    await observed.clients.unobserve(client()).chat.completions.create(CHAT);
    expect(observed.events).toHaveLength(0);
  });

  it("passes other calls through: they are no operation, and counted as what they are", async () => {
    const models = await client().models.list();
    expect(models.data.length).toBeGreaterThan(0);
    await expect(client().files.retrieve("file-1")).rejects.toThrow();
    expect(observed.events).toHaveLength(0);
    expect([...observed.diagnostics.counters.unclassified.values()]).toEqual([
      { provider: "unknown", api: "models", count: 1 },
      { provider: "unknown", api: "files", count: 1 },
    ]);
  });
});
