import { beforeEach, describe, expect, it } from "vitest";
import {
  type ObservedActivities,
  observedActivities,
} from "../../test/support/observed-activities.ts";
import type { Activity, EndedActivity } from "../events/index.ts";
import { Alerts } from "./alerts.ts";
import { describeTool } from "./describe-activity.ts";

const ids = { traceId: "a".repeat(32), spanId: "b".repeat(16) };
const alert = { name: "quota", severity: "critical", message: "used up" } as const;

let observed: ObservedActivities;
let opened: Activity[];
let closed: EndedActivity[];
let alerts: Alerts;

beforeEach(() => {
  observed = observedActivities();
  opened = [];
  closed = [];
  const { store, publish, diagnostics } = observed;
  const around = {
    open(activity: Activity) {
      opened.push(activity);
      return {
        ...ids,
        run: <T>(fn: () => T) => fn(),
        close: (end: EndedActivity) => void closed.push(end),
      };
    },
  };
  alerts = new Alerts({ store, publish, diagnostics, around, now: () => 1_000 });
});

describe("an alert", () => {
  it("is one event and one span without length, and belongs to what it is raised in", () => {
    const context = { sessionId: "s" };
    observed.store.withContext(context, () =>
      observed.tracker.run(
        (around) => describeTool("pay", around),
        () => alerts.raise(alert),
      ),
    );
    const [started] = observed.ofType("tool_execution_started");
    expect(observed.ofType("system_alert")).toEqual([
      {
        id: expect.any(String) as string,
        type: "system_alert",
        category: "system",
        timestamp: 1_000,
        sessionId: "s",
        correlationId: started?.correlationId,
        causationId: started?.id,
        ...ids,
        data: alert,
      },
    ]);
    expect(opened).toEqual([{ kind: "alert", data: { ...alert, context } }]);
    expect(closed).toEqual([{ ending: { outcome: "success" }, durationMs: 0 }]);
  });

  it("has a severity that there is, and a bounded message", () => {
    alerts.raise({ name: "", severity: "fatal", message: "m".repeat(5_000) } as never);
    expect(observed.ofType("system_alert").map(({ data }) => data)).toEqual([
      { name: "unknown", severity: "warning", message: "m".repeat(2_000) },
    ]);
  });

  it("that is none is counted, and nothing is thrown", () => {
    alerts.raise(null as never);
    expect(observed.events).toEqual([]);
    expect(observed.problems).toEqual([expect.stringContaining("an alert could not be observed")]);
  });
});
