import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  type ObservedActivities,
  observedActivities,
} from "../../test/support/observed-activities.ts";
import type { EndedActivity } from "../events/index.ts";
import { Approvals } from "./approvals.ts";
import { describeTool } from "./describe-activity.ts";

const ids = { traceId: "a".repeat(32), spanId: "b".repeat(16) };

let nowMs: number;
let closed: EndedActivity[];
let observed: ObservedActivities;
let approvals: Approvals;

beforeEach(() => {
  nowMs = 1_000;
  closed = [];
  observed = observedActivities({ now: () => nowMs });
  const { store, publish, diagnostics } = observed;
  approvals = new Approvals({
    store,
    publish,
    diagnostics,
    now: () => nowMs,
    around: {
      open: () => ({ ...ids, run: (fn) => fn(), close: (end) => void closed.push(end) }),
    },
  });
});

describe("a request", () => {
  it("tells what is to be approved, and then who decided what after how long", () => {
    const context = { sessionId: "session-1" };
    const approval = observed.store.withContext(context, () =>
      approvals.request({ action: "refund", id: "approval-1", tool: "pay", toolCallId: "call_1" }),
    );
    nowMs = 61_000;
    approval.decide("APPROVE", "ann");
    const data = {
      approvalId: "approval-1",
      action: "refund",
      tool: "pay",
      toolCallId: "call_1",
      context,
    };
    const links = {
      id: expect.any(String) as string,
      sessionId: "session-1",
      correlationId: observed.events[0]?.correlationId,
      ...ids,
    };
    expect(observed.events).toEqual([
      { ...links, type: "tool_approval_required", category: "tool", timestamp: 1_000, data },
      {
        ...links,
        type: "hitl_approval_requested",
        category: "hitl",
        timestamp: 1_000,
        causationId: observed.events[0]?.id,
        data,
      },
      {
        ...links,
        type: "hitl_decision_made",
        category: "hitl",
        timestamp: 61_000,
        causationId: observed.events[1]?.id,
        data: { ...data, decision: "APPROVE", actor: "ann", waitedMs: 60_000 },
      },
    ]);
    expect(closed).toEqual([
      { ending: { outcome: "success", decision: "APPROVE" }, durationMs: 60_000 },
    ]);
  });

  it("inside a tool is caused by it, and belongs to the same operation", () => {
    observed.tracker.run(
      (around) => describeTool("pay", around),
      () => approvals.request("refund").decide("REJECT"),
    );
    const [requested] = observed.ofType("hitl_approval_requested");
    expect(requested?.causationId).toBe(observed.ofType("tool_execution_started")[0]?.id);
    expect(new Set(observed.events.map(({ correlationId }) => correlationId)).size).toBe(1);
    expect(observed.types()).not.toContain("tool_approval_required");
  });

  it("ends once, whatever is told to it afterwards", () => {
    const approval = approvals.request("refund");
    approval.timeout();
    approval.decide("APPROVE");
    approval.timeout();
    approvals.shutdown();
    expect(observed.types()).toEqual(["hitl_approval_requested", "hitl_timeout"]);
    expect(observed.ofType("hitl_timeout")[0]?.data.reason).toBe("timeout");
    expect(closed).toHaveLength(1);
  });

  it("times out by itself where it was told when, and not once it was decided", () => {
    vi.useFakeTimers();
    const decided = approvals.request({ action: "a", id: "decided", timeoutMs: 60_000 });
    approvals.request({ action: "a", id: "late", timeoutMs: 60_000 });
    approvals.request({ action: "a", id: "patient", timeoutMs: Number.POSITIVE_INFINITY });
    decided.decide("APPROVE");
    nowMs += 60_000;
    vi.advanceTimersByTime(60_000);
    expect(observed.ofType("hitl_timeout").map(({ data }) => data)).toEqual([
      { approvalId: "late", action: "a", context: {}, waitedMs: 60_000, reason: "timeout" },
    ]);
    expect(vi.getTimerCount()).toBe(1);
    approvals.shutdown();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it("has an id of its own unless it was given one", () => {
    expect(approvals.request("a").id).not.toBe(approvals.request("a").id);
    expect(approvals.request({ action: "a", id: "mine" }).id).toBe("mine");
  });
});

it("gives up the oldest of too many, and at shutdown all that wait", () => {
  const first = approvals.request({ action: "a", id: "first" });
  for (let count = 0; count < 1_000; count += 1) approvals.request("a");
  expect(observed.ofType("hitl_timeout").map(({ data }) => [data.approvalId, data.reason])).toEqual(
    [["first", "evicted"]],
  );
  first.decide("APPROVE");
  approvals.shutdown();
  const reasons = observed.ofType("hitl_timeout").map(({ data }) => data.reason);
  expect(reasons.filter((reason) => reason === "shutdown")).toHaveLength(1_000);
  approvals.request("b").decide("APPROVE");
  expect(observed.ofType("hitl_decision_made")).toEqual([]);
});

it("takes whatever it is given without throwing, and says so once", () => {
  for (const wrong of [undefined, null]) approvals.request(wrong as never).decide("APPROVE");
  expect(observed.problems).toEqual([expect.stringContaining("could not be observed")]);
  expect(observed.events).toEqual([]);
  approvals.request("a").decide(Symbol("no word") as never, 7 as never);
  const [decided] = observed.ofType("hitl_decision_made");
  expect(decided?.data).toEqual({
    approvalId: expect.any(String) as string,
    action: "a",
    actor: "7",
    context: {},
    decision: "unknown",
    waitedMs: 0,
  });
});
