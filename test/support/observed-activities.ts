import { ActivityTracker, type ActivityTrackerOptions } from "../../src/activities/index.ts";
import { createEventBus } from "../../src/bus/index.ts";
import { CallStore, CallTracker } from "../../src/calls/index.ts";
import { createDiagnostics } from "../../src/diagnostics/index.ts";
import type { Event, EventType } from "../../src/events/index.ts";
import { plainCall } from "./llm-events.ts";

/** Everything between an application's agents and the bus, with the events in a list and nothing exported. */
export function observedActivities(options: Partial<ActivityTrackerOptions> = {}) {
  const problems: string[] = [];
  const diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
  const bus = createEventBus(diagnostics);
  const events: Event[] = [];
  bus.subscribe({ name: "test", handle: (event) => void events.push(event) });
  const store = new CallStore();
  const tracker = new ActivityTracker({
    store,
    publish: bus.publish,
    around: { open: () => ({ run: (fn) => fn(), close: () => {} }) },
    diagnostics,
    ...options,
  });
  const calls = new CallTracker({
    publish: bus.publish,
    around: { open: () => ({ run: (fn) => fn(), close: () => {} }) },
    price: () => undefined,
    diagnostics,
    idleLimitMs: 10_000,
  });
  return {
    store,
    publish: bus.publish,
    tracker,
    events,
    problems,
    diagnostics,
    /** An LLM call that is made here and now, and answered at once. */
    call: (toolCallsCount = 0) =>
      calls
        .open({ ...plainCall, context: store.context }, store.activity)
        .end({ outcome: "success" }, { finishReasons: ["stop"], toolCallsCount }),
    ofType: <T extends EventType>(type: T) =>
      events.filter((event): event is Extract<Event, { type: T }> => event.type === type),
    types: () => events.map(({ type }) => type),
  };
}

export type ObservedActivities = ReturnType<typeof observedActivities>;
