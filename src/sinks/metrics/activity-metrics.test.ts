import { samplesOf } from "../../../test/support/samples-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createEvent, type EventData, type EventType } from "../../events/index.ts";
import { ACTIVITY_EVENTS } from "./activity-metrics.ts";
import { createMetricsSink, type MetricsSink } from "./create-metrics-sink.ts";

const context = { sessionId: "session-1", userId: "user-1" };
const links = { traceId: "a".repeat(32), spanId: "b".repeat(16) };

let sink: MetricsSink;
beforeEach(() => void (sink = createMetricsSink({ maxLabelValues: 5 })));

function tell<T extends EventType>(type: T, data: EventData[T]): void {
  // `EventOf<T>` is one of `Event` for each T, which TypeScript can't see
  sink.handle(createEvent(type, data, 0, links) as never);
}

/** All samples but buckets, as `metric{labels} value`. */
function samples(): string[] {
  return Object.values(sink.families).flatMap((family) =>
    samplesOf(family)
      .filter(({ labels }) => !("le" in labels))
      .map(({ metricName = family.definition.name, labels, value }) => {
        const pairs = Object.entries(labels).map(([name, text]) => `${name}=${text}`);
        return `${metricName}{${pairs.join(",")}} ${value}`;
      }),
  );
}

const tally = { llmCalls: 1, toolCalls: 2 };
const failed = { outcome: "error", errorType: "E_MINE", durationMs: 500 } as const;
const completed = { outcome: "success", durationMs: 1_500 } as const;

describe("agents", () => {
  it("are counted by name and outcome, at 0 from their start, with duration and error", () => {
    tell("agent_processing_started", { agent: "chef", context });
    const statuses = ["success", "error", "aborted", "abandoned"];
    expect(samples()).toEqual([
      ...statuses.map((status) => `rlm_agent_runs_total{agent=chef,status=${status}} 0`),
      "rlm_agent_active{agent=chef} 1",
    ]);
    for (let count = 0; count < 3; count += 1) {
      tell("agent_processing_started", { agent: "chef", context });
    }
    tell("agent_processing_completed", { agent: "chef", context, ...tally, ...completed });
    tell("agent_error", { agent: "chef", context, ...tally, ...failed });
    tell("agent_error", { agent: "chef", context, ...tally, ...failed, outcome: "aborted" });
    tell("agent_switched", { from: "waiter", to: "chef", context });
    expect(samples()).toEqual([
      "rlm_agent_runs_total{agent=chef,status=success} 1",
      "rlm_agent_runs_total{agent=chef,status=error} 1",
      "rlm_agent_runs_total{agent=chef,status=aborted} 1",
      "rlm_agent_runs_total{agent=chef,status=abandoned} 0",
      "rlm_agent_duration_seconds_sum{agent=chef} 2.5",
      "rlm_agent_duration_seconds_count{agent=chef} 3",
      "rlm_agent_errors_total{agent=chef,error_type=E_MINE} 1",
      "rlm_agent_active{agent=chef} 1",
      "rlm_agent_switches_total{from=waiter,to=chef} 1",
    ]);
    const exemplars = samplesOf(sink.families.agentDuration).flatMap(
      ({ exemplar }) => exemplar ?? [],
    );
    expect(exemplars[0]?.labelSet).toEqual({ trace_id: links.traceId, span_id: links.spanId });
  });

  it("have a bounded number of names", () => {
    for (let index = 0; index < 20; index += 1) {
      tell("agent_processing_started", { agent: `agent-${index}`, context });
      tell("agent_switched", { from: `agent-${index}`, to: `agent-${index + 1}`, context });
    }
    const values = (name: "agentRuns" | "agentSwitches", label: string) =>
      new Set(samplesOf(sink.families[name]).map(({ labels }) => labels[label]));
    expect(values("agentRuns", "agent").size).toBe(6);
    expect(values("agentSwitches", "from").size).toBe(6);
  });
});

it("tools are counted by name and outcome, at 0 from their start, with duration and error", () => {
  for (let count = 0; count < 3; count += 1) {
    tell("tool_execution_requested", { tool: "scales", context });
    tell("tool_execution_started", { tool: "scales", context });
  }
  tell("tool_execution_requested", { tool: "scales", context });
  const approval = { approvalId: "1", action: "weigh", tool: "scales", context };
  tell("tool_approval_required", approval);
  tell("tool_execution_completed", { tool: "scales", context, ...completed });
  tell("tool_execution_failed", { tool: "scales", context, ...failed });
  expect(samples()).toEqual([
    "rlm_tool_requests_total{tool=scales} 4",
    "rlm_tool_approvals_required_total{tool=scales} 1",
    "rlm_tool_active{tool=scales} 1",
    "rlm_tool_executions_total{tool=scales,status=success} 1",
    "rlm_tool_executions_total{tool=scales,status=error} 1",
    "rlm_tool_executions_total{tool=scales,status=aborted} 0",
    "rlm_tool_executions_total{tool=scales,status=abandoned} 0",
    "rlm_tool_duration_seconds_sum{tool=scales} 2",
    "rlm_tool_duration_seconds_count{tool=scales} 2",
    "rlm_tool_errors_total{tool=scales,error_type=E_MINE} 1",
  ]);
});

it("decisions are counted by action and decision, with the time they took; nobody's name is a label", () => {
  const approval = { approvalId: "1", action: "refund", context };
  for (let count = 0; count < 3; count += 1) tell("hitl_approval_requested", approval);
  tell("hitl_decision_made", { ...approval, decision: "APPROVE", actor: "ann", waitedMs: 30_000 });
  tell("hitl_timeout", { ...approval, waitedMs: 60_000, reason: "timeout" });
  expect(samples()).toEqual([
    "rlm_hitl_requests_total{action=refund} 3",
    "rlm_hitl_pending{} 1",
    "rlm_hitl_decisions_total{action=refund,decision=APPROVE} 1",
    "rlm_hitl_timeouts_total{action=refund} 1",
    "rlm_hitl_wait_seconds_sum{action=refund} 30",
    "rlm_hitl_wait_seconds_count{action=refund} 1",
  ]);
});

it("the sink listens to all of them", () => {
  expect(sink.types).toEqual(expect.arrayContaining([...ACTIVITY_EVENTS]));
});
