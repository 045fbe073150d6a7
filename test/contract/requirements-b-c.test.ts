import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { categoryOf, type Event } from "../../src/events/index.ts";
import { createObservability, type Observability, type TerminalEvent } from "../../src/index.ts";
import { parseEvent } from "../../src/schemas/index.ts";
import {
  type Behaviour,
  collectEvents,
  createSimulatedProvider,
  type EventCollector,
  scriptedPlan,
} from "../../src/testing/index.ts";

// The words of the source documents, kept apart from ours: what they ask for must be there to be read.

const TOKEN = "a-token-for-the-tests";
const MODEL = "gpt-4o-mini";
const TOOLS: OpenAI.ChatCompletionTool[] = [
  { type: "function", function: { name: "search", parameters: { type: "object" } } },
];
const some = { text: expect.any(String) as string, number: expect.any(Number) as number };

let obs: Observability;
let collected: EventCollector;

beforeEach(() => {
  obs = createObservability({
    server: { enabled: false, tokens: [TOKEN] },
    log: { destination: "off" },
  });
  collected = collectEvents(obs);
});
afterEach(() => obs.shutdown());

function clientOf(...behaviours: readonly Behaviour[]): OpenAI {
  const { fetch } = createSimulatedProvider({ plan: scriptedPlan(behaviours) });
  return obs.observe(new OpenAI({ apiKey: "sk-test", fetch, maxRetries: 0 }));
}

async function ask(path: string, headers: Record<string, string> = { "x-internal-auth": TOKEN }) {
  const response = await obs.handler(new Request(`http://localhost${path}`, { headers }));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const messages: OpenAI.ChatCompletionMessageParam[] = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Hi" },
];
const CHAT = { model: MODEL, messages };

/** Plain, streamed with a tool call, failed: one after the other, in session s-1. */
async function threeCalls(): Promise<void> {
  const openai = clientOf(
    { kind: "answer", promptTokens: 1_000, completionTokens: 250 },
    { kind: "answer", promptTokens: 3_000, completionTokens: 50 },
    { kind: "status", status: 500, code: "overloaded" },
  );
  await obs.session("s-1", async () => {
    await openai.chat.completions.create(CHAT);
    const options = { include_usage: true };
    const stream = await openai.chat.completions.create({
      ...CHAT,
      tools: TOOLS,
      stream: true,
      stream_options: options,
    });
    for await (const chunk of stream) expect(chunk.object).toBe("chat.completion.chunk");
    await expect(openai.chat.completions.create(CHAT)).rejects.toThrow("500");
  });
}

/** An event of ours in the words of B; `undefined` for one that B doesn't have. */
function inWordsOfB(event: Event): Record<string, unknown> | undefined {
  switch (event.type) {
    case "llm_request_started":
      return { LLMRequestStarted: callInWordsOfB(event, event.data) };
    case "llm_request_completed":
      return {
        LLMRequestCompleted: {
          ...callInWordsOfB(event, event.data),
          duration_ms: event.data.durationMs,
          prompt_tokens: event.data.usage?.inputTokens,
          completion_tokens: event.data.usage?.outputTokens,
          total_tokens:
            (event.data.usage?.inputTokens ?? 0) + (event.data.usage?.outputTokens ?? 0),
          has_tool_calls: event.data.toolCallsCount > 0,
        },
      };
    case "llm_request_failed":
      return {
        LLMRequestFailed: { ...callInWordsOfB(event, event.data), error: event.data.errorType },
      };
    default:
      return undefined;
  }
}

function callInWordsOfB(
  { sessionId, correlationId }: Event,
  data: TerminalEvent["data"] | Event["data"],
) {
  if (!("messagesCount" in data)) throw new Error("no call");
  return {
    session_id: sessionId,
    model: data.model,
    messages_count: data.messagesCount,
    tools_count: data.toolsCount,
    correlation_id: correlationId,
  };
}

describe("B: LLM metrics by events", () => {
  it("publishes two events around every call, streamed ones too, with all fields", async () => {
    await threeCalls();
    const events = collected.events.flatMap((event) => inWordsOfB(event) ?? []);
    const call = (tools: number) => ({
      session_id: "s-1",
      model: MODEL,
      messages_count: 2,
      tools_count: tools,
      correlation_id: some.text,
    });
    const ended = { duration_ms: some.number };
    expect(events).toEqual([
      { LLMRequestStarted: call(0) },
      {
        LLMRequestCompleted: {
          ...call(0),
          ...ended,
          prompt_tokens: 1_000,
          completion_tokens: 250,
          total_tokens: 1_250,
          has_tool_calls: false,
        },
      },
      { LLMRequestStarted: call(1) },
      {
        LLMRequestCompleted: {
          ...call(1),
          ...ended,
          prompt_tokens: 3_000,
          completion_tokens: 50,
          total_tokens: 3_050,
          has_tool_calls: true,
        },
      },
      { LLMRequestStarted: call(0) },
      { LLMRequestFailed: { ...call(0), error: "overloaded" } },
    ]);
    const operations = collected.events.filter(({ category }) => category === "llm");
    const ids = operations.map(({ correlationId }) => correlationId);
    expect([ids[0], ids[2], ids[4]]).toEqual([ids[1], ids[3], ids[5]]);
    expect(new Set(ids).size).toBe(3);
  });

  it("keeps every figure of a session, and tells it by REST", async () => {
    await threeCalls();
    const { status, body } = await ask("/events/metrics/session/s-1");
    const request = { timestamp: some.text, model: MODEL, duration_ms: some.number };
    const extra = { outcome: "success", cost_usd: some.number, time_to_first_token_ms: null };
    expect([status, body]).toEqual([
      200,
      {
        session_id: "s-1",
        total_requests: 3,
        successful_requests: 2,
        failed_requests: 1,
        total_duration_ms: some.number,
        average_duration_ms: some.number,
        total_prompt_tokens: 4_000,
        total_completion_tokens: 300,
        total_tokens: 4_300,
        average_tokens_per_request: 4_300 / 3,
        token_efficiency: 0.075,
        requests_with_tools: 1,
        // beyond what was asked for
        user_id: null,
        aborted_requests: 0,
        error_rate: 1 / 3,
        average_time_to_first_token_ms: some.number,
        total_cost_usd: (4_000 * 0.15 + 300 * 0.6) / 1_000_000,
        unpriced_requests: 0,
        first_activity: some.text,
        last_activity: some.text,
        last_error: { timestamp: some.text, model: MODEL, error: "overloaded" },
        fields: {},
        requests: [
          {
            ...request,
            prompt_tokens: 1_000,
            completion_tokens: 250,
            total_tokens: 1_250,
            has_tool_calls: false,
            success: true,
            error: null,
            ...extra,
          },
          {
            ...request,
            prompt_tokens: 3_000,
            completion_tokens: 50,
            total_tokens: 3_050,
            has_tool_calls: true,
            success: true,
            error: null,
            ...extra,
            time_to_first_token_ms: some.number,
          },
          {
            ...request,
            // not told, which is not 0
            prompt_tokens: null,
            completion_tokens: null,
            total_tokens: null,
            has_tool_calls: false,
            success: false,
            error: "overloaded",
            outcome: "error",
            cost_usd: null,
            time_to_first_token_ms: null,
          },
        ],
      },
    ]);
  });

  it("answers nobody without the header x-internal-auth", async () => {
    for (const path of ["/events/metrics", "/events/metrics/sessions", "/events/audit-log"]) {
      expect((await ask(path, {})).status).toBe(401);
      expect((await ask(path, { "x-internal-auth": "another-token-of-16" })).status).toBe(401);
      expect((await ask(path)).status).toBe(200);
    }
  });
});

describe("C: event-driven architecture", () => {
  it("has the event types that were asked for, in six categories", () => {
    const asked = {
      llm: ["llm_request_started", "llm_request_completed", "llm_request_failed"],
      agent: [
        "agent_switched",
        "agent_processing_started",
        "agent_processing_completed",
        "agent_error",
      ],
      tool: [
        "tool_execution_requested",
        "tool_approval_required",
        "tool_execution_started",
        "tool_execution_completed",
        "tool_execution_failed",
      ],
      hitl: ["hitl_approval_requested", "hitl_decision_made", "hitl_timeout"],
      session: ["session_started", "session_updated", "session_message_added", "session_ended"],
      system: ["system_started", "system_stopped", "system_error", "system_alert"],
    };
    const types = Object.entries(asked).flatMap(([category, names]) =>
      names.map((name) => [name, category]),
    );
    expect(categoryOf).toMatchObject(Object.fromEntries(types));
    expect(new Set(Object.values(categoryOf))).toEqual(new Set(Object.keys(asked)));
  });

  it("goes by priority: the agent context, then the audit log, then metrics, then the rest", async () => {
    const seen: [name: string, agent: string | undefined, audited: number, started: number][] = [];
    const pending: Promise<void>[] = [];
    for (const [name, priority] of Object.entries({ first: 20, mid: 12, late: 7, last: 0 })) {
      const look = async () => {
        const agent = obs.agentContext.current("s-1")?.agent;
        const { started } = obs.eventMetrics.snapshot().metrics.agent_processing;
        const { records } = await obs.auditLog.query({ eventType: "agent_processing_started" });
        seen.push([name, agent, records.length, started]);
      };
      obs.subscribe(() => void pending.push(look()), {
        priority,
        types: ["agent_processing_started"],
      });
    }
    obs.session("s-1", () => obs.agent("coder", () => {}));
    await Promise.all(pending);
    expect(seen).toEqual([
      ["first", undefined, 0, 0],
      ["mid", "coder", 0, 0],
      ["late", "coder", 1, 0],
      ["last", "coder", 1, 1],
    ]);
  });

  it("counts switches, processing, tools, decisions and errors, and what follows from them", async () => {
    obs.session("s-1", () =>
      obs.agent("orchestrator", () =>
        obs.agent("coder", () => {
          obs.tool("search", () => 1);
          expect(() =>
            obs.tool("search", () => {
              throw new TypeError("no");
            }),
          ).toThrow("no");
        }),
      ),
    );
    obs.hitl.request({ action: "refund", tool: "pay" }).decide("APPROVE", "ann");
    obs.hitl.request("refund").timeout();
    const { body } = await ask("/events/metrics");
    const { metrics, computed, timestamp } = body;
    const one = { started: 1, count: 1, completed: 1, failed: 0, total_duration_ms: some.number };
    const search = { requested: 2, approval_required: 0, started: 2, completed: 1, failed: 1 };
    const pay = { requested: 0, approval_required: 1, started: 0, completed: 0, failed: 0 };
    expect({ metrics, computed, timestamp }).toEqual({
      metrics: {
        agent_switches: { orchestrator_to_coder: 1 },
        agent_processing: {
          started: 2,
          count: 2,
          completed: 2,
          failed: 0,
          total_duration_ms: some.number,
          by_agent: { orchestrator: one, coder: one },
        },
        tool_executions: {
          ...search,
          approval_required: 1,
          total_duration_ms: some.number,
          by_tool: {
            search: { ...search, total_duration_ms: some.number },
            pay: { ...pay, total_duration_ms: 0 },
          },
        },
        hitl_decisions: { APPROVE: 1 },
        hitl_requests: { requested: 2, decided: 1, timed_out: 1, total_wait_ms: some.number },
        errors: { tool_execution_failed: 1 },
      },
      computed: {
        orchestrator_avg_duration_ms: some.number,
        coder_avg_duration_ms: some.number,
        search_success_rate: 0.5,
      },
      timestamp: some.text,
    });
    const { eventMetrics } = obs;
    expect(eventMetrics.averageDurationMs("coder")).toEqual(some.number);
    expect(eventMetrics.successRate("search")).toBe(0.5);
    expect(eventMetrics.switchCount("orchestrator", "coder")).toBe(1);
  });

  it("has in the audit log every event, whole: each record makes the event again", async () => {
    await threeCalls();
    const { body } = await ask("/events/audit-log?session_id=s-1&limit=1000");
    const records = body["audit_log"] as Record<string, unknown>[];
    const again = records.map((record) =>
      parseEvent({
        id: record["event_id"],
        type: record["event_type"],
        category: record["category"],
        timestamp: Date.parse(String(record["timestamp"])),
        sessionId: record["session_id"],
        ...(record["correlation_id"] !== null && { correlationId: record["correlation_id"] }),
        data: record["data"],
      }),
    );
    // ISO 8601 has no parts of a millisecond
    const wholeMs = (event: Event) => ({ ...event, timestamp: Math.floor(event.timestamp) });
    expect(again.toReversed()).toMatchObject(
      collected.events.map((event) => {
        const { causationId: _, traceId: __, spanId: ___, ...rest } = wholeMs(event);
        return JSON.parse(JSON.stringify(rest)) as object;
      }),
    );
  });

  it("keeps a failing handler from the others, and counts it in the statistics", async () => {
    obs.subscribe(
      () => {
        throw new TypeError("mine");
      },
      { name: "failing", types: ["system_alert"], priority: 99 },
    );
    obs.alert({ name: "disk", severity: "warning", message: "nearly full" });
    expect(collected.ofType("system_alert")).toHaveLength(1);
    const { body } = await ask("/events/stats");
    const { successful_handlers: successful, failed_handlers: failed } = body;
    // system_started went before all that was collected
    expect(body).toMatchObject({
      total_published: collected.events.length + 1,
      failed_handlers: 1,
    });
    const times = collected.events.map(({ timestamp }) => timestamp);
    expect(body["last_event_time"]).toBe(new Date(Math.max(...times)).toISOString());
    expect(body["success_rate"]).toBeCloseTo(
      Number(successful) / (Number(successful) + Number(failed)),
      3,
    );
  });
});
