import { beforeEach, describe, expect, it } from "vitest";
import { failed } from "../../../test/support/llm-events.ts";
import {
  type ActivityOutcome,
  createEvent,
  type Event,
  type EventData,
  type EventType,
  replayed,
} from "../../events/index.ts";
import { createEventMetrics, type EventMetricsSink } from "./create-event-metrics.ts";

const context = {};

let sink: EventMetricsSink;
beforeEach(() => {
  sink = createEventMetrics({ maxNames: 10 });
});

function tell<T extends EventType>(type: T, data: EventData[T]): void {
  expect(sink.types).toContain(type);
  sink.handle(createEvent(type, data, 0) as Event);
}

function runAgent(agent: string, outcome: ActivityOutcome, durationMs: number): void {
  const tally = { llmCalls: 0, toolCalls: 0 };
  tell("agent_processing_started", { agent, context });
  if (outcome === "success") {
    tell("agent_processing_completed", { agent, context, ...tally, outcome, durationMs });
  } else {
    tell("agent_error", { agent, context, ...tally, outcome, errorType: "E", durationMs });
  }
}

function runTool(tool: string, outcome: ActivityOutcome, durationMs: number): void {
  tell("tool_execution_requested", { tool, context });
  tell("tool_execution_started", { tool, context });
  if (outcome === "success") {
    tell("tool_execution_completed", { tool, context, outcome, durationMs });
  } else tell("tool_execution_failed", { tool, context, outcome, errorType: "E", durationMs });
}

const approval = { approvalId: "1", action: "refund", context };

describe("a snapshot", () => {
  it("has all figures of agents, tools and people", () => {
    tell("agent_switched", { from: "orchestrator", to: "coder", context });
    tell("agent_switched", { from: "orchestrator", to: "coder", context });
    tell("agent_switched", { from: "coder", to: "tester", context });
    runAgent("coder", "success", 100.000_1);
    runAgent("coder", "error", 300);
    runAgent("tester", "aborted", 50);
    tell("agent_processing_started", { agent: "orchestrator", context });
    runTool("search", "success", 10);
    runTool("search", "success", 20);
    runTool("search", "error", 30);
    runTool("refund", "abandoned", 5);
    tell("tool_execution_requested", { tool: "refund", context });
    tell("tool_approval_required", { ...approval, tool: "refund" });
    tell("hitl_approval_requested", approval);
    tell("hitl_approval_requested", approval);
    tell("hitl_approval_requested", approval);
    tell("hitl_decision_made", { ...approval, decision: "APPROVE", waitedMs: 1_000 });
    tell("hitl_decision_made", { ...approval, decision: "REJECT", waitedMs: 500 });
    tell("hitl_timeout", { ...approval, waitedMs: 9_000, reason: "timeout" });
    expect(sink.metrics.snapshot()).toEqual({
      metrics: {
        agent_switches: { orchestrator_to_coder: 2, coder_to_tester: 1 },
        agent_processing: {
          started: 4,
          count: 3,
          completed: 1,
          failed: 2,
          total_duration_ms: 450,
          by_agent: {
            coder: { started: 2, count: 2, completed: 1, failed: 1, total_duration_ms: 400 },
            tester: { started: 1, count: 1, completed: 0, failed: 1, total_duration_ms: 50 },
            orchestrator: { started: 1, count: 0, completed: 0, failed: 0, total_duration_ms: 0 },
          },
        },
        tool_executions: {
          requested: 5,
          approval_required: 1,
          started: 4,
          completed: 2,
          failed: 2,
          total_duration_ms: 65,
          by_tool: {
            search: {
              requested: 3,
              approval_required: 0,
              started: 3,
              completed: 2,
              failed: 1,
              total_duration_ms: 60,
            },
            refund: {
              requested: 2,
              approval_required: 1,
              started: 1,
              completed: 0,
              failed: 1,
              total_duration_ms: 5,
            },
          },
        },
        hitl_decisions: { APPROVE: 1, REJECT: 1 },
        hitl_requests: { requested: 3, decided: 2, timed_out: 1, total_wait_ms: 1_500 },
        errors: { agent_error: 1, tool_execution_failed: 1 },
      },
      computed: {
        coder_avg_duration_ms: 200,
        tester_avg_duration_ms: 50,
        search_success_rate: 2 / 3,
        refund_success_rate: 0,
      },
    });
  });

  it("is empty at first", () => {
    const none = { started: 0, completed: 0, failed: 0, total_duration_ms: 0 };
    expect(sink.metrics.snapshot()).toEqual({
      metrics: {
        agent_switches: {},
        agent_processing: { ...none, count: 0, by_agent: {} },
        tool_executions: { ...none, requested: 0, approval_required: 0, by_tool: {} },
        hitl_decisions: {},
        hitl_requests: { requested: 0, decided: 0, timed_out: 0, total_wait_ms: 0 },
        errors: {},
      },
      computed: {},
    });
  });

  it("is not changed by what comes later", () => {
    const before = sink.metrics.snapshot();
    const copy = structuredClone(before);
    runAgent("coder", "error", 1);
    expect(before).toEqual(copy);
  });
});

describe("errors", () => {
  it("are failures of every kind by type of event; who left early has not failed", () => {
    for (const outcome of ["error", "truncated", "aborted", "abandoned"] as const) {
      sink.handle(failed(outcome, "500"));
    }
    const end = { context, errorType: "E", durationMs: 1 };
    tell("retrieval_failed", { dataSource: "d", ...end, outcome: "error" });
    tell("retrieval_failed", { dataSource: "d", ...end, outcome: "aborted" });
    tell("workflow_failed", { workflow: "w", ...end, outcome: "error" });
    tell("system_error", { component: "otlp", message: "refused" });
    expect(sink.metrics.snapshot().metrics.errors).toEqual({
      llm_request_failed: 2,
      retrieval_failed: 1,
      workflow_failed: 1,
      system_error: 1,
    });
  });
});

describe("the getters", () => {
  it("give one figure", () => {
    const { metrics } = sink;
    tell("agent_switched", { from: "a", to: "b", context });
    tell("agent_switched", { from: "a", to: "c", context });
    tell("agent_switched", { from: "b", to: "c", context });
    runAgent("a", "success", 10);
    runAgent("a", "success", 20);
    runTool("t", "success", 1);
    runTool("t", "error", 1);
    expect(metrics.averageDurationMs("a")).toBe(15);
    expect(metrics.successRate("t")).toBe(0.5);
    expect([
      metrics.switchCount(),
      metrics.switchCount("a"),
      metrics.switchCount(undefined, "c"),
      metrics.switchCount("a", "c"),
      metrics.switchCount("c", "a"),
    ]).toEqual([3, 2, 2, 1, 0]);
  });

  it("give nothing of what has not ended", () => {
    tell("agent_processing_started", { agent: "a", context });
    tell("tool_execution_started", { tool: "t", context });
    expect(sink.metrics.averageDurationMs("a")).toBeUndefined();
    expect(sink.metrics.successRate("t")).toBeUndefined();
    expect(sink.metrics.averageDurationMs("b")).toBeUndefined();
  });
});

describe("names", () => {
  it("are bounded: those past the limit are counted together, and each time", () => {
    for (let index = 0; index < 30; index += 1) {
      runAgent(`agent${index}`, "success", 1);
      runTool(`tool${index}`, "success", 1);
      tell("agent_switched", { from: `from${index}`, to: "to", context });
      tell("hitl_decision_made", { ...approval, decision: `word${index}`, waitedMs: 1 });
    }
    const { metrics } = sink.metrics.snapshot();
    for (const names of [
      metrics.agent_processing.by_agent,
      metrics.tool_executions.by_tool,
      metrics.agent_switches,
      metrics.hitl_decisions,
    ]) {
      expect(Object.keys(names)).toHaveLength(11);
    }
    expect(metrics.agent_processing.by_agent["other"]?.count).toBe(20);
    expect(metrics.agent_processing.count).toBe(30);
    expect(metrics.agent_switches["other_to_to"]).toBe(20);
    expect(metrics.hitl_decisions["other"]).toBe(20);
    expect(sink.limiters.map(({ overflowed }) => overflowed)).toEqual([20, 40, 60, 20]);
  });

  it("may be any text", () => {
    runAgent("__proto__", "success", 1);
    tell("agent_switched", { from: "a_to_b", to: "c", context });
    tell("agent_switched", { from: "a", to: "b_to_c", context });
    const { metrics, computed } = sink.metrics.snapshot();
    expect(Object.keys(metrics.agent_processing.by_agent)).toEqual(["__proto__"]);
    expect(computed["__proto___avg_duration_ms"]).toBe(1);
    expect(metrics.agent_switches).toEqual({ a_to_b_to_c: 2 });
  });
});

it("restore() counts what happened before, once, and nothing that came as it happened", () => {
  const switched = createEvent("agent_switched", { from: "a", to: "b", context }, 0);
  const started = createEvent("system_started", { version: "1" }, 0);
  const { metrics, handle } = createEventMetrics({ maxNames: 10 });
  const live = createEvent("agent_switched", { from: "a", to: "b", context }, 0);
  handle(live);
  expect(
    [switched, started, live, switched].map((event) => metrics.restore(replayed(event))),
  ).toEqual([true, false, false, false]);
  handle(switched);
  expect(metrics.snapshot().metrics.agent_switches).toEqual({ a_to_b: 2 });
});
