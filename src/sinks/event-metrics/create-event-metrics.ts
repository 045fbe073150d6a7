import type { EventType, Sink } from "../../events/index.ts";
import type { LabelLimiter } from "../../redaction/index.ts";
import { CountedOnce, type HeardInstances } from "../../replay/index.ts";
import { COUNTED_EVENTS, countEvent } from "./count-event.ts";
import { EventCounts } from "./event-counts.ts";
import type { EventMetrics } from "./event-metrics.ts";

export interface EventMetricsOptions {
  /** Agents, tools and decisions that are told apart; the next ones are counted as `other`. */
  readonly maxNames: number;
  /** Those that hand over their events, if any do. */
  readonly heard?: HeardInstances | undefined;
}

export interface EventMetricsSink extends Sink {
  readonly metrics: EventMetrics;
  /** What bounds the names. */
  readonly limiters: readonly LabelLimiter[];
}

const COUNTED: ReadonlySet<EventType> = new Set(COUNTED_EVENTS);

/** Counts what agents, tools and people do. */
export function createEventMetrics({ maxNames, heard }: EventMetricsOptions): EventMetricsSink {
  const once = new CountedOnce("event metrics", heard);
  const counts = new EventCounts(maxNames);
  return {
    name: "event-metrics",
    priority: 5,
    types: COUNTED_EVENTS,
    remote: true,
    handle(event) {
      if (once.isNew(event.id)) countEvent(event, counts);
    },
    metrics: {
      snapshot: () => counts.snapshot(),
      averageDurationMs: (agent) => counts.averageDurationMs(agent),
      successRate: (tool) => counts.successRate(tool),
      switchCount: (from, to) => counts.switchCount(from, to),
      restore(event) {
        if (!once.take(event) || !COUNTED.has(event.type)) return false;
        countEvent(event, counts);
        return true;
      },
    },
    limiters: counts.limiters,
  };
}
