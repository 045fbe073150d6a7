import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createObservability,
  type Event,
  type EventOf,
  type Observability,
} from "../../src/index.ts";
import { createSimulatedProvider, type ListeningHandler } from "../../src/testing/index.ts";
import { type OtlpSink, startOtlpSink } from "../support/otlp-sink.ts";

const USAGE = {
  promptTokens: 1000,
  cachedTokens: 400,
  completionTokens: 300,
  reasoningTokens: 100,
};
/** (600 × $0.15 + 400 × $0.075 + 300 × $0.60) ÷ 1,000,000 */
const COST = 0.0003;

describe("one observed call", () => {
  const events: Event[] = [];
  let obs: Observability;
  let sink: OtlpSink;
  let server: ListeningHandler;
  let folder: string;
  let line: Record<string, unknown>;
  let page: string;
  let completed: EventOf<"llm_request_completed">;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rlm-one-call-"));
    sink = await startOtlpSink();
    server = await createSimulatedProvider({
      plan: () => ({ kind: "answer", ...USAGE, chunkDelayMs: 5 }),
    }).listen();
    const logFile = join(folder, "calls.log");
    obs = createObservability({
      serviceName: "one-call",
      environment: "test",
      server: { port: 0 },
      log: { destination: logFile },
      otlp: { endpoint: sink.url },
      langfuse: { publicKey: "pk-test", secretKey: "sk-test", baseUrl: sink.url },
      pricing: { privateHosts: true },
    });
    obs.subscribe((event) => void events.push(event));
    const openai = obs.observe(new OpenAI({ apiKey: "sk-x", baseURL: `${server.url}/v1` }));
    await obs.withContext(
      { userId: "user-1", tags: ["beta"], metadata: { query_type: "faq" } },
      () =>
        obs.session("session-1", async () => {
          const stream = await openai.chat.completions.create({
            model: "gpt-4o-mini",
            messages: [{ role: "user", content: "Hello" }],
            stream: true,
            stream_options: { include_usage: true },
            temperature: 0.2,
          });
          for await (const _chunk of stream);
        }),
    );
    const { url } = await obs.ready();
    const accept = "application/openmetrics-text";
    page = await (await fetch(`${url}/metrics`, { headers: { accept } })).text();
    await obs.shutdown();
    line = JSON.parse(await readFile(logFile, "utf8")) as Record<string, unknown>;
    const found = events.find((event) => event.type === "llm_request_completed");
    if (found?.type !== "llm_request_completed") throw new Error("the call did not complete");
    completed = found;
  });

  afterAll(async () => {
    await sink?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("is a pair of events with one correlation id", () => {
    const pair = events.filter(({ category }) => category === "llm");
    expect(pair.map(({ type }) => type)).toEqual(["llm_request_started", "llm_request_completed"]);
    expect(pair[0]?.correlationId).toBe(pair[1]?.correlationId);
    expect(completed.causationId).toBe(pair[0]?.id);
    expect(completed).toMatchObject({
      sessionId: "session-1",
      data: {
        outcome: "success",
        usage: { inputTokens: 1000, outputTokens: 300, cacheReadTokens: 400, reasoningTokens: 100 },
        cost: { source: "table" },
        context: { userId: "user-1", tags: ["beta"] },
      },
    });
    expect(completed.data.cost?.totalUsd).toBeCloseTo(COST, 12);
  });

  test("is one span by the GenAI conventions", () => {
    expect(sink.spans).toHaveLength(1);
    const [span] = sink.spans;
    expect(span).toMatchObject({
      name: "chat gpt-4o-mini",
      traceId: completed.traceId,
      spanId: completed.spanId,
    });
    expect(span?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.request.stream": true,
      "gen_ai.request.temperature": 0.2,
      "gen_ai.response.model": "gpt-4o-mini",
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 1000,
      "gen_ai.usage.output_tokens": 300,
      "gen_ai.usage.cache_read.input_tokens": 400,
      "gen_ai.usage.reasoning.output_tokens": 100,
      "server.address": "127.0.0.1",
      "session.id": "session-1",
      "user.id": "user-1",
      "rlm.cost.total_usd": completed.data.cost?.totalUsd,
    });
  });

  test("is an observation in Langfuse with the same ids, usage and cost", () => {
    expect(sink.langfuseSpans).toHaveLength(1);
    const [observation] = sink.langfuseSpans;
    expect(observation).toMatchObject({ traceId: completed.traceId, spanId: completed.spanId });
    const attributes = observation?.attributes ?? {};
    expect(attributes["langfuse.observation.type"]).toBe("generation");
    expect(JSON.parse(String(attributes["langfuse.observation.usage_details"]))).toMatchObject({
      input: 600,
      input_cached_tokens: 400,
      output: 200,
      output_reasoning_tokens: 100,
      total: 1300,
    });
    const cost = JSON.parse(String(attributes["langfuse.observation.cost_details"])) as object;
    expect(cost).toMatchObject({ total: completed.data.cost?.totalUsd });
  });

  test("is one JSON log line with the same ids, usage and cost", () => {
    expect(line).toMatchObject({
      event: "llm_request_completed",
      trace_id: completed.traceId,
      span_id: completed.spanId,
      correlation_id: completed.correlationId,
      session_id: "session-1",
      tokens: { prompt: 1000, completion: 300, total: 1300 },
      cost_usd: completed.data.cost?.totalUsd,
      metadata: { query_type: "faq" },
    });
    expect(line["duration_ms"]).toBeCloseTo(completed.data.durationMs, 2);
  });

  test("is in all six contract metrics, cost, tokens and time to first token, with an exemplar", () => {
    const model = 'provider="openai",model="gpt-4o-mini"';
    expect(page).toContain(`rlm_requests_total{${model},status="success",operation="chat"} 1\n`);
    expect(page).toContain(`rlm_latency_seconds_count{${model},operation="chat"} 1\n`);
    expect(page).toContain(`rlm_tokens_total{${model},type="prompt"} 1000\n`);
    expect(page).toContain(`rlm_tokens_total{${model},type="completion"} 300\n`);
    expect(page).toContain(`rlm_cost_usd_total{${model}} ${completed.data.cost?.totalUsd}\n`);
    expect(page).toContain("# TYPE rlm_errors counter\n");
    expect(page).toContain("rlm_active_sessions 1\n");
    expect(page).toContain(`rlm_time_to_first_token_seconds_count{${model}} 1\n`);
    expect(page).toContain(
      `# {trace_id="${completed.traceId}",span_id="${completed.spanId}"} ${completed.data.durationMs / 1000}`,
    );
    expect(page).toMatch(/^gen_ai_client_operation_duration_count\{.*\} 1$/m);
  });

  test("takes the same time everywhere", () => {
    const seconds = completed.data.durationMs / 1000;
    expect(page).toContain(
      `rlm_latency_seconds_sum{provider="openai",model="gpt-4o-mini",operation="chat"} ${seconds}\n`,
    );
    expect(page).toMatch(
      new RegExp(`^gen_ai_client_operation_duration_sum\\{.*\\} ${seconds}$`, "m"),
    );
  });
});
