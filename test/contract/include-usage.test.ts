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

const VERSIONS = ["openai-4", "openai-5", "openai", "openai-7"] as const;

const ANSWER: Behaviour = {
  kind: "answer",
  promptTokens: 100,
  completionTokens: 20,
  content: "Grüße, this is an answer in pieces.",
};
const USAGE = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 0, reasoningTokens: 0 };
const CHAT = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "Hi" }] };
const STREAM = { ...CHAT, stream: true as const };

describe.each(VERSIONS)("%s with includeUsage", (version) => {
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
    observed = observedClients({ includeUsage: true });
  });

  afterEach(async () => {
    observed.tracker.shutdown();
    await server.close();
    expect(observed.problems).toEqual([]);
  });

  function bareClient(options: object = {}): OpenAI {
    const baseURL = `${server.url}/v1`;
    return new Client({ apiKey: "sk-test", baseURL, maxRetries: 0, timeout: 3000, ...options });
  }

  function client(options: object = {}): OpenAI {
    return observed.clients.observe(bareClient(options));
  }

  async function onlyEnd() {
    await poll("an end", () => observed.ended().length > 0);
    expect(observed.ended()).toHaveLength(1);
    const [event] = observed.ended();
    if (event === undefined) throw new Error("no end");
    return event.data;
  }

  async function chunksOf(stream: AsyncIterable<object>): Promise<object[]> {
    const chunks = [];
    for await (const chunk of stream) chunks.push({ ...chunk, id: "", created: 0 });
    return chunks;
  }

  it("gives the chunks of a stream that was not asked, and reports its usage", async () => {
    const bare = await chunksOf(await bareClient().chat.completions.create(STREAM));
    expect(bare.length).toBeGreaterThan(3);
    expect(await chunksOf(await client().chat.completions.create(STREAM))).toEqual(bare);
    expect(await onlyEnd()).toMatchObject({
      outcome: "success",
      usage: USAGE,
      finishReasons: ["stop"],
    });
    expect(provider.requests.map(({ request }) => request.includeUsage)).toEqual([false, true]);
  });

  it("changes nothing else of the request, and leaves other requests alone", async () => {
    const sent: (RequestInit | undefined)[] = [];
    const fetch: typeof globalThis.fetch = (input, init) => {
      sent.push(init);
      return provider.fetch(input, init);
    };
    const explicit = { ...STREAM, stream_options: { include_usage: false } };
    for (const make of [bareClient, client]) {
      const { chat } = make({ fetch });
      for await (const _chunk of await chat.completions.create(STREAM));
      for await (const _chunk of await chat.completions.create(explicit));
      await chat.completions.create(CHAT);
    }
    const [bare, bareExplicit, bareChat, asked, askedExplicit, askedChat] = sent.map((init) => ({
      ...init,
      signal: undefined,
      headers: Object.fromEntries(new Headers(init?.headers)),
    }));
    expect([askedExplicit, askedChat]).toEqual([bareExplicit, bareChat]);
    const body = asked?.body as string;
    expect(JSON.parse(body)).toEqual({ ...STREAM, stream_options: { include_usage: true } });
    expect(body.startsWith(String(bare?.body as string | undefined).slice(0, -1))).toBe(true);
    const length = bare?.headers["content-length"];
    const headers = {
      ...bare?.headers,
      ...(length !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
    };
    expect({ ...asked, body: "" }).toEqual({ ...bare, headers, body: "" });
  });

  it("asks again in each of the SDK's retries", async () => {
    behaviours = [{ kind: "status", status: 503, retryAfterMs: 1 }, ANSWER];
    const stream = await client({ maxRetries: 1 }).chat.completions.create(STREAM);
    for await (const chunk of stream) expect(chunk.choices).toHaveLength(1);
    expect(await onlyEnd()).toMatchObject({ outcome: "success", usage: USAGE });
    expect((await onlyEnd()).attempts.map(({ result }) => result)).toEqual(["503", "ok"]);
    expect(provider.requests.map(({ request }) => request.includeUsage)).toEqual([true, true]);
  });

  it("keeps tee()", async () => {
    const bare = await chunksOf(await bareClient().chat.completions.create(STREAM));
    const stream = await client().chat.completions.create(STREAM);
    expect(await Promise.all(stream.tee().map(chunksOf))).toEqual([bare, bare]);
    expect(await onlyEnd()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("keeps toReadableStream()", async () => {
    const lines = async (make: () => OpenAI) => {
      const stream = await make().chat.completions.create(STREAM);
      const text = await new Response(stream.toReadableStream() as ReadableStream).text();
      return text.trim().split("\n").length;
    };
    expect(await lines(client)).toBe(await lines(bareClient));
    expect(await onlyEnd()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("keeps the body of asResponse() unread until its caller reads it", async () => {
    const response = await client().chat.completions.create(STREAM).asResponse();
    expect(response.bodyUsed).toBe(false);
    expect(observed.ended()).toHaveLength(0);
    const text = await response.text();
    expect(text).not.toContain('"usage"');
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(await onlyEnd()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("stops the request at once when its reader leaves, and reports it as abandoned", async () => {
    behaviours = [{ ...ANSWER, chunks: 8, chunkDelayMs: 20 }];
    const stream = await client().chat.completions.create(STREAM);
    for await (const _chunk of stream) break;
    expect(await onlyEnd()).toMatchObject({ outcome: "abandoned", errorType: "left_early" });
    expect(stream.controller.signal.aborted).toBe(true);
  });

  it("ends the loop in silence when the caller's signal fires", async () => {
    behaviours = [{ ...ANSWER, chunks: 8, chunkDelayMs: 20 }];
    const controller = new AbortController();
    const { signal } = controller;
    const stream = await client().chat.completions.create(STREAM, { signal });
    let seen = 0;
    for await (const _chunk of stream) if (++seen === 3) controller.abort();
    expect(await onlyEnd()).toMatchObject({ outcome: "aborted", errorType: "signal" });
  });

  it("fails as the bare client does when the connection breaks, after as many chunks", async () => {
    behaviours = [{ kind: "cut", afterChunks: 3, chunkDelayMs: 5 }];
    const read = async (make: () => OpenAI) => {
      const chunks: object[] = [];
      const stream = await make().chat.completions.create(STREAM);
      try {
        for await (const chunk of stream) chunks.push(chunk);
      } catch (error) {
        return { chunks: chunks.length, name: (error as Error).name };
      }
      throw new Error("the stream was not cut");
    };
    expect(await read(client)).toEqual(await read(bareClient));
    expect(await onlyEnd()).toMatchObject({ outcome: "truncated" });
  });

  it("can be set for one client, and for its copies", async () => {
    observed = observedClients();
    const asking = observed.clients.observe(bareClient(), { includeUsage: true });
    const other = client();
    const copy = version === "openai-4" ? asking : asking.withOptions({ maxRetries: 1 });
    for (const { chat } of [asking, other, copy]) {
      for await (const chunk of await chat.completions.create(STREAM)) {
        expect(chunk.choices).toHaveLength(1);
      }
    }
    await poll("three ends", () => observed.ended().length === 3);
    const usages = observed.ended().map(({ data }) => data.usage?.outputTokens);
    expect(usages).toEqual([20, undefined, 20]);
  });
});
