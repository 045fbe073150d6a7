import Anthropic from "@anthropic-ai/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPricer } from "../../src/pricing/index.ts";
import { observedClients, type ObservedClients } from "../support/observed-clients.ts";
import { poll } from "../support/poll.ts";
import {
  json,
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from "../support/scripted-server.ts";

const REQUEST = {
  model: "claude-sonnet-4-6",
  max_tokens: 100,
  messages: [{ role: "user" as const, content: "Hi" }],
};

const USAGE_AT_START = {
  input_tokens: 10,
  cache_creation_input_tokens: 30,
  cache_read_input_tokens: 60,
};

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-6",
  content: [{ type: "text", text: "Grüße" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { ...USAGE_AT_START, output_tokens: 20, service_tier: "standard" },
};

const USAGE = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 60, cacheWriteTokens: 30 };

const EVENTS = [
  {
    type: "message_start",
    message: {
      ...MESSAGE,
      content: [],
      stop_reason: null,
      usage: { ...USAGE_AT_START, output_tokens: 1 },
    },
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "ping" },
  ...["Grü", "ße", " von", " hier"].map((text) => ({
    type: "content_block_delta",
    index: 0,
    delta: { type: "text_delta", text },
  })),
  { type: "content_block_stop", index: 0 },
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 20 },
  },
  { type: "message_stop" },
];

const OVERLOADED = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };

function sse(events: readonly { type: string }[]): ScriptedAnswer {
  return {
    contentType: "text/event-stream; charset=utf-8",
    parts: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
  };
}

describe("an observed client of @anthropic-ai/sdk", () => {
  let server: ScriptedServer;
  let observed: ObservedClients;

  beforeEach(async () => {
    server = await startScriptedServer();
    observed = observedClients();
  });

  afterEach(async () => {
    observed.tracker.shutdown();
    await server.close();
    expect(observed.problems).toEqual([]);
  });

  function bareClient(options: object = {}): Anthropic {
    return new Anthropic({ apiKey: "sk-test", baseURL: server.url, maxRetries: 0, ...options });
  }

  function client(options: object = {}): Anthropic {
    return observed.clients.observe(bareClient(options));
  }

  async function onlyEnd() {
    await poll("an end", () => observed.ended().length > 0);
    expect(observed.events.map(({ type }) => type)).toHaveLength(2);
    const [event] = observed.ended();
    if (event === undefined) throw new Error("no end");
    return event.data;
  }

  it("gives the same answer, and reports usage with the cache in it", async () => {
    server.answers = [json(MESSAGE)];
    const bare = await bareClient().messages.create(REQUEST);
    expect(await client().messages.create(REQUEST)).toEqual(bare);
    expect(server.bodies[1]).toBe(server.bodies[0]);
    expect(await onlyEnd()).toMatchObject({
      provider: "anthropic",
      operation: "chat",
      model: "claude-sonnet-4-6",
      responseModel: "claude-sonnet-4-6",
      outcome: "success",
      messagesCount: 1,
      finishReasons: ["end_turn"],
      serviceTier: "standard",
      usage: USAGE,
      parameters: { maxTokens: 100 },
    });
  });

  it("prices what was read from and written to the cache as the provider does", () => {
    const cost = createPricer().price({
      provider: "anthropic",
      model: "claude-sonnet-4-6",
      serverAddress: "api.anthropic.com",
      usage: USAGE,
      at: new Date("2026-01-01"),
    });
    // dollars for a million tokens: 3 fresh, 0.30 read, 3.75 written, 15 out
    expect(cost?.inputUsd).toBeCloseTo((10 * 3 + 60 * 0.3 + 30 * 3.75) / 1e6, 12);
    expect(cost?.outputUsd).toBeCloseTo((20 * 15) / 1e6, 12);
  });

  it("streams the same events, and reports usage and time to first token", async () => {
    server.answers = [sse(EVENTS)];
    const read = async (from: Anthropic) => {
      const events = [];
      for await (const event of await from.messages.create({ ...REQUEST, stream: true })) {
        events.push(event);
      }
      return events;
    };
    const bare = await read(bareClient());
    expect(await read(client())).toEqual(bare);
    const data = await onlyEnd();
    expect(data).toMatchObject({ outcome: "success", stream: true, usage: USAGE });
    expect(data.timeToFirstTokenMs).toBeGreaterThan(0);
  });

  it("keeps messages.stream() and its final message", async () => {
    server.answers = [sse(EVENTS)];
    const pieces: string[] = [];
    const stream = client().messages.stream(REQUEST);
    stream.on("text", (piece) => pieces.push(piece));
    expect((await stream.finalMessage()).usage.output_tokens).toBe(20);
    expect(pieces.join("")).toBe("Grüße von hier");
    expect(await onlyEnd()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("keeps withResponse(), and asResponse() with its body unread", async () => {
    server.answers = [json(MESSAGE, 200, { "request-id": "req_1" })];
    const { data, request_id } = await client().messages.create(REQUEST).withResponse();
    expect(data.id).toBe("msg_1");
    expect(request_id).toBe("req_1");
    await onlyEnd();
    const response = await client().messages.create(REQUEST).asResponse();
    expect(response.bodyUsed).toBe(false);
    expect(observed.ended()).toHaveLength(1);
    await response.text();
    expect(observed.ended()).toHaveLength(2);
  });

  it("counts the SDK's retries as attempts of one operation", async () => {
    const busy = json(OVERLOADED, 529, { "retry-after-ms": "1" });
    server.answers = [busy, busy, json(MESSAGE)];
    await client({ maxRetries: 2 }).messages.create(REQUEST);
    const { outcome, attempts } = await onlyEnd();
    expect(outcome).toBe("success");
    expect(attempts.map(({ result }) => result)).toEqual(["529", "529", "ok"]);
  });

  it("observes a copy made by withOptions() once, with its retries as attempts", async () => {
    server.answers = [json(OVERLOADED, 529, { "retry-after-ms": "1" }), json(MESSAGE)];
    await client().withOptions({ maxRetries: 1 }).messages.create(REQUEST);
    expect((await onlyEnd()).attempts).toHaveLength(2);
  });

  it("rejects as the bare client does, and reports the provider's type", async () => {
    server.answers = [json(OVERLOADED, 529)];
    const rejected = client().messages.create(REQUEST);
    await expect(rejected).rejects.toBeInstanceOf(Anthropic.InternalServerError);
    expect(await onlyEnd()).toMatchObject({ outcome: "error", errorType: "overloaded_error" });
  });

  it("reports an error in the middle of a stream, which the caller gets as well", async () => {
    server.answers = [sse([...EVENTS.slice(0, 5), OVERLOADED])];
    const stream = await client().messages.create({ ...REQUEST, stream: true });
    await expect(async () => {
      for await (const _event of stream);
    }).rejects.toBeInstanceOf(Anthropic.APIError);
    expect(await onlyEnd()).toMatchObject({ outcome: "error", errorType: "overloaded_error" });
  });

  it.each(["end", "cut"] as const)(
    "reports a stream without its message_stop as truncated: %s",
    async (ending) => {
      server.answers = [{ ...sse(EVENTS.slice(0, 6)), ending }];
      const stream = await client().messages.create({ ...REQUEST, stream: true });
      await (async () => {
        for await (const _event of stream);
      })().catch(() => {});
      const data = await onlyEnd();
      expect(data.outcome).toBe("truncated");
      expect(data.usage).toEqual({ inputTokens: 100, cacheReadTokens: 60, cacheWriteTokens: 30 });
    },
  );

  it("reports leaving a stream early as abandoned at once, and stops the request", async () => {
    server.answers = [{ ...sse(EVENTS), ending: "hang" }];
    const stream = await client().messages.create({ ...REQUEST, stream: true });
    for await (const _event of stream) break;
    expect(observed.ended()).toHaveLength(1);
    expect(await onlyEnd()).toMatchObject({ outcome: "abandoned", errorType: "left_early" });
    expect(stream.controller.signal.aborted).toBe(true);
  });

  it("reports the caller's signal as aborted", async () => {
    server.answers = [{ parts: [], ending: "hang" }];
    const controller = new AbortController();
    const call = client().messages.create(REQUEST, { signal: controller.signal });
    await poll("a request", () => server.bodies.length > 0);
    controller.abort();
    await expect(call).rejects.toThrow();
    expect(await onlyEnd()).toMatchObject({ outcome: "aborted", errorType: "signal" });
  });

  it("passes the counting of tokens through uncounted", async () => {
    server.answers = [json({ input_tokens: 5 })];
    const { model, messages } = REQUEST;
    expect(await client().messages.countTokens({ model, messages })).toEqual({ input_tokens: 5 });
    expect(observed.events).toHaveLength(0);
  });

  it("is bare again after unobserve()", async () => {
    server.answers = [json(MESSAGE)];
    await observed.clients.unobserve(client()).messages.create(REQUEST);
    expect(observed.events).toHaveLength(0);
  });
});
