import Anthropic from "@anthropic-ai/sdk";
import { trace } from "@opentelemetry/api";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createObservability, type Event, type Observability } from "../../src/index.ts";
import { json, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

const REQUEST = {
  model: "claude-sonnet-4-6",
  max_tokens: 100,
  messages: [{ role: "user" as const, content: "Hi" }],
};
const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-6",
  content: [{ type: "text", text: "Hello" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 10, cache_read_input_tokens: 60, output_tokens: 20 },
};
const EVENTS = [
  { type: "message_start", message: { ...MESSAGE, content: [], stop_reason: null } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello" } },
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 20 } },
  { type: "message_stop" },
];

describe("an Anthropic client in an application with a tracer provider, where the SDK traces itself", () => {
  let server: ScriptedServer;
  let exporter: tracing.InMemorySpanExporter;
  let sdk: NodeSDK;
  let obs: Observability;
  let events: Event[];

  beforeEach(async () => {
    server = await startScriptedServer();
    exporter = new tracing.InMemorySpanExporter();
    sdk = new NodeSDK({
      autoDetectResources: false,
      spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
      logRecordProcessors: [],
      metricReaders: [],
    });
    sdk.start();
    obs = createObservability({ server: { enabled: false }, log: { destination: "off" } });
    events = [];
    obs.subscribe((event) => void events.push(event));
  });

  afterEach(async () => {
    await obs.shutdown();
    await sdk.shutdown();
    trace.disable();
    await server.close();
  });

  function client(options: object = {}): Anthropic {
    const { url: baseURL } = server;
    return obs.observe(new Anthropic({ apiKey: "sk-test", baseURL, maxRetries: 0, ...options }));
  }

  function onlySpan() {
    const [span, ...more] = exporter.getFinishedSpans();
    if (span === undefined || more.length > 0) throw new Error("not one span");
    return span;
  }

  it("has one span a call, the SDK's, with our attributes on it and its ids in our events", async () => {
    server.answers = [json(MESSAGE)];
    await obs.session("session-1", () => client().messages.create(REQUEST));
    const span = onlySpan();
    expect(span.name).toBe("anthropic.messages.create");
    expect(span.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "anthropic",
      "gen_ai.response.finish_reasons": ["end_turn"],
      "gen_ai.usage.input_tokens": 70,
      "gen_ai.usage.output_tokens": 20,
      "session.id": "session-1",
      "rlm.outcome": "success",
    });
    const calls = events.filter(({ type }) => type.startsWith("llm_request"));
    expect(calls.map(({ spanId }) => spanId)).toEqual(Array(2).fill(span.spanContext().spanId));
  });

  async function readStream(eventsCount: number): Promise<void> {
    const parts = EVENTS.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    server.answers = [{ contentType: "text/event-stream", parts }];
    let seen = 0;
    for await (const _event of await client().messages.create({ ...REQUEST, stream: true })) {
      seen += 1;
      if (seen === eventsCount) break;
    }
  }

  it("has captured content on the SDK's span", async () => {
    await obs.shutdown();
    const content = { capture: "full" } as const;
    obs = createObservability({ server: { enabled: false }, log: { destination: "off" }, content });
    server.answers = [json(MESSAGE)];
    await client().messages.create(REQUEST);
    const { attributes } = onlySpan();
    expect(String(attributes["gen_ai.input.messages"])).toContain('"content":"Hi"');
    expect(String(attributes["gen_ai.output.messages"])).toContain('"finish_reason":"stop"');
  });

  it("has one span of a stream", async () => {
    await readStream(EVENTS.length);
    expect(onlySpan().attributes).toMatchObject({
      "rlm.outcome": "success",
      "gen_ai.usage.output_tokens": 20,
    });
  });

  it("has one span of a stream that was left early, which the SDK ends before we know", async () => {
    await readStream(1);
    expect(onlySpan().attributes).not.toHaveProperty("rlm.outcome");
    expect(events.at(-1)).toMatchObject({ data: { outcome: "abandoned" } });
  });

  it("has one span of a call that failed", async () => {
    const error = { type: "overloaded_error", message: "Overloaded" };
    server.answers = [json({ type: "error", error }, 529)];
    await expect(client().messages.create(REQUEST)).rejects.toThrow();
    expect(onlySpan().attributes).toMatchObject({ "rlm.outcome": "error" });
  });

  it("has our span where the SDK's tracing is off", async () => {
    server.answers = [json(MESSAGE)];
    await client({ openTelemetry: false }).messages.create(REQUEST);
    expect(onlySpan().name).toBe("chat claude-sonnet-4-6");
  });
});
