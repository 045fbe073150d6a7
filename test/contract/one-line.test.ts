import { afterEach, beforeEach, expect, test } from "vitest";
import { createObservability } from "../../src/create-observability.ts";
import type { Event } from "../../src/events/index.ts";
import type { Observability } from "../../src/runtime/observability.ts";
import { collectEvents } from "../../src/testing/index.ts";
import { type OtlpSink, startOtlpSink } from "../support/otlp-sink.ts";

const INTERNAL = 1;
const CLIENT = 3;
const some = {
  text: expect.any(String) as string,
  time: expect.any(Number) as number,
};

let sink: OtlpSink;
let obs: Observability;
beforeEach(async () => {
  sink = await startOtlpSink();
  obs = createObservability({ server: { enabled: false }, otlp: { endpoint: sink.url } });
});
afterEach(async () => {
  await obs.shutdown();
  await sink.close();
});

/** Everything that others see of one line of an application. */
async function seenOf(line: () => unknown) {
  const { events, stop } = collectEvents(obs);
  await line();
  stop();
  await obs.forceFlush();
  return {
    events: events.map(({ type, data }) => ({ type, data })),
    spans: sink.spans.map(({ name, kind, attributes, status }) => ({
      name,
      kind,
      attributes,
      status: status.code,
    })),
    counted: await counted(),
    /** Which event each is caused by; all but sessions are of one operation, in one trace. */
    causes: causesOf(events.filter(({ category }) => category !== "session")),
  };
}

function causesOf(events: readonly Event[]): (string | undefined)[] {
  expect(new Set(events.map(({ correlationId }) => correlationId)).size).toBe(1);
  const spanIds = new Set(sink.spans.map(({ spanId }) => spanId));
  const traceIds = new Set(sink.spans.map(({ traceId }) => traceId));
  expect(traceIds.size).toBe(1);
  for (const { spanId = "", traceId = "" } of events) {
    expect([spanIds.has(spanId), traceIds.has(traceId)]).toEqual([true, true]);
  }
  return events.map(({ causationId }) => events.find(({ id }) => id === causationId)?.type);
}

/** Counters, gauges and the counts of histograms that are not 0, those of the stack itself left out. */
async function counted(): Promise<string[]> {
  const page = await (await obs.handler(new Request("http://localhost/metrics"))).text();
  const own = /^(rlm_(agent|tool|hitl|alert|active_sessions|session)|gen_ai)/;
  return page
    .split("\n")
    .filter((sample) => own.test(sample) && !/(_bucket|_sum)\b| 0$/.test(sample))
    .toSorted();
}

test("obs.agent()", async () => {
  const data = { agent: "chef", context: {} };
  const ended = { outcome: "success", durationMs: some.time, llmCalls: 0, toolCalls: 0 };
  expect(await seenOf(() => obs.agent("chef", async () => "soup"))).toEqual({
    events: [
      { type: "agent_processing_started", data },
      { type: "agent_processing_completed", data: { ...data, ...ended } },
    ],
    spans: [
      {
        name: "invoke_agent chef",
        kind: INTERNAL,
        attributes: {
          "gen_ai.operation.name": "invoke_agent",
          "gen_ai.agent.name": "chef",
          "rlm.correlation.id": some.text,
          "rlm.outcome": "success",
        },
        status: 0,
      },
    ],
    counted: [
      'gen_ai_invoke_agent_duration_count{gen_ai_agent_name="chef"} 1',
      'rlm_agent_duration_seconds_count{agent="chef"} 1',
      'rlm_agent_runs_total{agent="chef",status="success"} 1',
    ],
    causes: [undefined, "agent_processing_started"],
  });
});

test("obs.tool()", async () => {
  const line = () => obs.tool({ name: "scales", callId: "call_1", type: "function" }, () => 7);
  const data = { tool: "scales", toolCallId: "call_1", toolType: "function", context: {} };
  expect(await seenOf(line)).toEqual({
    events: [
      { type: "tool_execution_requested", data },
      { type: "tool_execution_started", data },
      {
        type: "tool_execution_completed",
        data: { ...data, outcome: "success", durationMs: some.time },
      },
    ],
    spans: [
      {
        name: "execute_tool scales",
        kind: INTERNAL,
        attributes: {
          "gen_ai.operation.name": "execute_tool",
          "gen_ai.tool.name": "scales",
          "gen_ai.tool.call.id": "call_1",
          "gen_ai.tool.type": "function",
          "rlm.correlation.id": some.text,
          "rlm.outcome": "success",
        },
        status: 0,
      },
    ],
    counted: [
      'gen_ai_execute_tool_duration_count{gen_ai_tool_name="scales",gen_ai_tool_type="function"} 1',
      'rlm_tool_duration_seconds_count{tool="scales"} 1',
      'rlm_tool_executions_total{tool="scales",status="success"} 1',
      'rlm_tool_requests_total{tool="scales"} 1',
    ],
    causes: [undefined, "tool_execution_requested", "tool_execution_started"],
  });
});

test("obs.retrieval()", async () => {
  const line = () =>
    obs.retrieval({ dataSourceId: "recipes", provider: "pinecone", topK: 3 }, () => []);
  const data = { dataSource: "recipes", provider: "pinecone", topK: 3, context: {} };
  expect(await seenOf(line)).toEqual({
    events: [
      { type: "retrieval_started", data },
      { type: "retrieval_completed", data: { ...data, outcome: "success", durationMs: some.time } },
    ],
    spans: [
      {
        name: "retrieval recipes",
        kind: CLIENT,
        attributes: {
          "gen_ai.operation.name": "retrieval",
          "gen_ai.data_source.id": "recipes",
          "gen_ai.provider.name": "pinecone",
          "gen_ai.request.top_k": 3,
          "rlm.correlation.id": some.text,
          "rlm.outcome": "success",
        },
        status: 0,
      },
    ],
    counted: [
      'gen_ai_client_operation_duration_count{gen_ai_operation_name="retrieval",gen_ai_provider_name="pinecone"} 1',
    ],
    causes: [undefined, "retrieval_started"],
  });
});

test("obs.workflow() with a failing step", async () => {
  const line = () =>
    obs
      .workflow("dinner", async () => {
        throw Object.assign(new Error("burnt"), { code: "E_BURNT" });
      })
      .catch(() => {});
  const data = { workflow: "dinner", context: {} };
  expect(await seenOf(line)).toEqual({
    events: [
      { type: "workflow_started", data },
      {
        type: "workflow_failed",
        data: { ...data, outcome: "error", errorType: "E_BURNT", durationMs: some.time },
      },
    ],
    spans: [
      {
        name: "invoke_workflow dinner",
        kind: INTERNAL,
        attributes: {
          "gen_ai.operation.name": "invoke_workflow",
          "gen_ai.workflow.name": "dinner",
          "error.type": "E_BURNT",
          "rlm.correlation.id": some.text,
          "rlm.outcome": "error",
        },
        status: 2,
      },
    ],
    counted: [
      'gen_ai_invoke_workflow_duration_count{gen_ai_workflow_name="dinner",error_type="E_BURNT"} 1',
    ],
    causes: [undefined, "workflow_started"],
  });
});

test("obs.hitl.request()", async () => {
  const approval = { action: "refund", id: "a-1", tool: "pay", toolCallId: "call_1" };
  const data = {
    approvalId: "a-1",
    action: "refund",
    tool: "pay",
    toolCallId: "call_1",
    context: {},
  };
  expect(await seenOf(() => obs.hitl.request(approval).decide("APPROVE", "ann"))).toEqual({
    events: [
      { type: "tool_approval_required", data },
      { type: "hitl_approval_requested", data },
      {
        type: "hitl_decision_made",
        data: { ...data, decision: "APPROVE", actor: "ann", waitedMs: some.time },
      },
    ],
    spans: [
      {
        name: "approval refund",
        kind: INTERNAL,
        attributes: {
          "rlm.approval.id": "a-1",
          "rlm.approval.action": "refund",
          "rlm.approval.tool": "pay",
          "rlm.approval.decision": "APPROVE",
          "rlm.correlation.id": some.text,
          "rlm.outcome": "success",
        },
        status: 0,
      },
    ],
    counted: [
      'rlm_hitl_decisions_total{action="refund",decision="APPROVE"} 1',
      'rlm_hitl_requests_total{action="refund"} 1',
      'rlm_hitl_wait_seconds_count{action="refund"} 1',
      'rlm_tool_approvals_required_total{tool="pay"} 1',
    ],
    causes: [undefined, "tool_approval_required", "hitl_approval_requested"],
  });
});

test("obs.hitl.request() that nobody decides in time", async () => {
  const line = async () => {
    const late = new Promise<void>((resolve) => {
      obs.subscribe(() => resolve(), { types: ["hitl_timeout"] });
    });
    obs.hitl.request({ action: "refund", id: "a-1", timeoutMs: 1 });
    // the timer of the request holds no process open
    const open = setInterval(() => {}, 1_000);
    await late;
    clearInterval(open);
  };
  const data = { approvalId: "a-1", action: "refund", context: {} };
  const seen = await seenOf(line);
  expect(seen.events).toEqual([
    { type: "hitl_approval_requested", data },
    { type: "hitl_timeout", data: { ...data, waitedMs: some.time, reason: "timeout" } },
  ]);
  expect(seen.spans.map(({ attributes }) => attributes["rlm.outcome"])).toEqual(["abandoned"]);
  expect(seen.counted).toEqual([
    'rlm_hitl_requests_total{action="refund"} 1',
    'rlm_hitl_timeouts_total{action="refund"} 1',
  ]);
});

test("obs.session(): what is in it carries it, and its end tells what it was", async () => {
  const line = () => {
    obs.session("s-1", () => obs.tool("scales", () => 7));
    obs.updateSession("s-1", { userId: "u-1", metadata: { plan: "pro" } });
    obs.addSessionMessage("s-1", { role: "user", messageId: "m-1" });
    obs.endSession("s-1");
  };
  const data = { tool: "scales", context: { sessionId: "s-1" } };
  const { events, spans, counted: metrics } = await seenOf(line);
  expect(events).toEqual([
    { type: "session_started", data: {} },
    { type: "tool_execution_requested", data },
    { type: "tool_execution_started", data },
    {
      type: "tool_execution_completed",
      data: { ...data, outcome: "success", durationMs: some.time },
    },
    { type: "session_updated", data: { userId: "u-1", metadata: { plan: "pro" } } },
    { type: "session_message_added", data: { role: "user", messageId: "m-1" } },
    {
      type: "session_ended",
      data: { durationMs: some.time, requests: 0, totalTokens: 0, costUsd: 0, reason: "ended" },
    },
  ]);
  expect(spans.map(({ attributes }) => attributes["session.id"])).toEqual(["s-1"]);
  expect(metrics.filter((metric) => metric.startsWith("rlm_session"))).toEqual([
    "rlm_session_cost_usd_count 1",
    "rlm_session_duration_seconds_count 1",
    "rlm_session_requests_count 1",
  ]);
});

test("obs.session() is active while nobody ends it", async () => {
  const { counted: metrics } = await seenOf(() => obs.session("s-1", () => obs.tool("t", () => 7)));
  expect(metrics).toContain("rlm_active_sessions 1");
});

test("obs.alert()", async () => {
  const alert = { name: "quota", severity: "warning", message: "almost used up" } as const;
  expect(await seenOf(() => obs.alert(alert))).toEqual({
    events: [{ type: "system_alert", data: alert }],
    spans: [
      {
        name: "alert quota",
        kind: INTERNAL,
        attributes: {
          "rlm.alert.name": "quota",
          "rlm.alert.severity": "warning",
          "rlm.alert.message": "almost used up",
          "rlm.correlation.id": some.text,
          "rlm.outcome": "success",
        },
        status: 0,
      },
    ],
    counted: ['rlm_alert_events_total{alert="quota",severity="warning"} 1'],
    causes: [undefined],
  });
});

test("obs.switchAgent() goes from the agent that the session is with", async () => {
  const { events } = collectEvents(obs);
  obs.session("s-1", () => {
    obs.agent("orchestrator", () => {});
    obs.switchAgent("coder");
  });
  const switched = events.find(({ type }) => type === "agent_switched");
  expect(switched).toMatchObject({
    sessionId: "s-1",
    data: { from: "orchestrator", to: "coder", context: { sessionId: "s-1" } },
  });
  expect(await counted()).toContain('rlm_agent_switches_total{from="orchestrator",to="coder"} 1');
});
