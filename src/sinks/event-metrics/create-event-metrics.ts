import type { Sink } from "../../events/index.ts";
import type { LabelLimiter } from "../../redaction/index.ts";
import { COUNTED_EVENTS, countEvent } from "./count-event.ts";
import { EventCounts } from "./event-counts.ts";
import type { EventMetrics } from "./event-metrics.ts";

export interface EventMetricsOptions {
  /** Agents, tools and decisions that are told apart; the next ones are counted as `other`. */
  readonly maxNames: number;
}

export interface EventMetricsSink extends Sink {
  readonly metrics: EventMetrics;
  /** What bounds the names. */
  readonly limiters: readonly LabelLimiter[];
}

/** Counts what agents, tools and people do. */
export function createEventMetrics({ maxNames }: EventMetricsOptions): EventMetricsSink {
  const counts = new EventCounts(maxNames);
  return {
    name: "event-metrics",
    priority: 5,
    types: COUNTED_EVENTS,
    remote: true,
    handle: (event) => countEvent(event, counts),
    metrics: {
      snapshot: () => counts.snapshot(),
      averageDurationMs: (agent) => counts.averageDurationMs(agent),
      successRate: (tool) => counts.successRate(tool),
      switchCount: (from, to) => counts.switchCount(from, to),
    },
    limiters: counts.limiters,
  };
}
