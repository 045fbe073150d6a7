export { createEventMetrics, type EventMetricsSink } from "./create-event-metrics.ts";
export type {
  AgentProcessing,
  EventMetrics,
  EventMetricsSnapshot,
  HitlRequests,
  ToolExecutions,
} from "./event-metrics.ts";
