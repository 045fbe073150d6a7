import { activityMetrics } from "./activity-metrics.ts";
import type { MetricDefinition } from "./metric-definition.ts";

/** The names and labels of this group are a published contract: they change in a major version only. */
export const contractMetrics = {
  requests: {
    name: "rlm_requests_total",
    type: "counter",
    help: "Finished LLM operations, by how they ended (SDK retries belong to one operation).",
    unit: "1",
    labels: ["provider", "model", "status", "operation"],
  },
  latency: {
    name: "rlm_latency_seconds",
    type: "histogram",
    help: "Duration of an LLM operation as the application saw it, retries and back-off included (back-off alone: rlm_backoff_seconds_total).",
    unit: "seconds",
    labels: ["provider", "model", "operation"],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80],
  },
  tokens: {
    name: "rlm_tokens_total",
    type: "counter",
    help: "Tokens used, by type: prompt (cached tokens included) or completion (reasoning included).",
    unit: "tokens",
    labels: ["provider", "model", "type"],
  },
  cost: {
    name: "rlm_cost_usd_total",
    type: "counter",
    help: "Cost of LLM operations in US dollars; usage without a known price is in rlm_unpriced_tokens_total.",
    unit: "usd",
    labels: ["provider", "model"],
  },
  errors: {
    name: "rlm_errors_total",
    type: "counter",
    help: "LLM operations that ended in error or were cut off, by low-cardinality error type.",
    unit: "1",
    labels: ["provider", "model", "error_type"],
  },
  activeSessions: {
    name: "rlm_active_sessions",
    type: "gauge",
    help: "Sessions that were started and have neither ended nor expired.",
    unit: "1",
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>;

const callMetrics = {
  tokenDetails: {
    name: "rlm_token_details_total",
    type: "counter",
    help: "Parts of rlm_tokens_total, by kind; never add these to it.",
    unit: "tokens",
    labels: ["provider", "model", "kind"],
  },
  estimatedTokens: {
    name: "rlm_estimated_tokens_total",
    type: "counter",
    help: "Part of rlm_tokens_total that no provider told: estimates by the length of text (see estimateUsage).",
    unit: "tokens",
    labels: ["provider", "model", "type"],
  },
  estimatedCost: {
    name: "rlm_estimated_cost_usd_total",
    type: "counter",
    help: "Part of rlm_cost_usd_total that is the price of operations with estimated tokens.",
    unit: "usd",
    labels: ["provider", "model"],
  },
  unpricedTokens: {
    name: "rlm_unpriced_tokens_total",
    type: "counter",
    help: "Tokens whose price is not known, by type; they are not in rlm_cost_usd_total.",
    unit: "tokens",
    labels: ["provider", "model", "type"],
  },
  requestCost: {
    name: "rlm_request_cost_usd",
    type: "histogram",
    help: "Cost of one priced LLM operation in US dollars.",
    unit: "usd",
    labels: ["provider", "model"],
    buckets: [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
  },
  timeToFirstToken: {
    name: "rlm_time_to_first_token_seconds",
    type: "histogram",
    help: "Time from sending the last attempt to the first content of a streamed answer.",
    unit: "seconds",
    labels: ["provider", "model"],
    buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 20],
  },
  outputTokensPerSecond: {
    name: "rlm_output_tokens_per_second",
    type: "histogram",
    help: "Completion tokens per second of a streamed answer, from its first content to its last; hidden reasoning left out.",
    unit: "tokens_per_second",
    labels: ["provider", "model"],
    buckets: [5, 10, 20, 30, 50, 75, 100, 150, 200, 400],
  },
  attempts: {
    name: "rlm_attempts_total",
    type: "counter",
    help: "HTTP attempts behind the operations, by result: ok, an HTTP status, or an error name.",
    unit: "1",
    labels: ["provider", "model", "result"],
  },
  retries: {
    name: "rlm_retries_total",
    type: "counter",
    help: "Attempts that were repeated by the SDK, by the reason for repeating.",
    unit: "1",
    labels: ["provider", "model", "reason"],
  },
  finishReasons: {
    name: "rlm_finish_reasons_total",
    type: "counter",
    help: "Why models stopped, once for each choice: stop, length (cut at the token limit: no failure), content_filter, tool_call or other.",
    unit: "1",
    labels: ["provider", "model", "reason"],
  },
  backoff: {
    name: "rlm_backoff_seconds_total",
    type: "counter",
    help: "Time that LLM operations spent waiting between attempts; part of rlm_latency_seconds, and no latency of the model.",
    unit: "seconds",
    labels: ["provider", "model"],
  },
  activeRequests: {
    name: "rlm_active_requests",
    type: "gauge",
    help: "LLM operations under way.",
    unit: "1",
    labels: ["provider"],
  },
} as const satisfies Record<string, MetricDefinition>;

const sessionMetrics = {
  sessionDuration: {
    name: "rlm_session_duration_seconds",
    type: "histogram",
    help: "Duration of ended sessions.",
    unit: "seconds",
    labels: [],
    buckets: [1, 5, 15, 60, 300, 900, 3600, 14400],
  },
  sessionCost: {
    name: "rlm_session_cost_usd",
    type: "histogram",
    help: "Cost of ended sessions in US dollars.",
    unit: "usd",
    labels: [],
    buckets: [0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 25],
  },
  sessionRequests: {
    name: "rlm_session_requests",
    type: "histogram",
    help: "LLM operations of ended sessions.",
    unit: "1",
    labels: [],
    buckets: [1, 2, 3, 5, 10, 20, 50, 100, 500],
  },
} as const satisfies Record<string, MetricDefinition>;

/** The stack watches itself. */
const selfMetrics = {
  eventsPublished: {
    name: "rlm_events_published_total",
    type: "counter",
    help: "Events published on the bus, by type.",
    unit: "1",
    labels: ["type"],
  },
  eventsFiltered: {
    name: "rlm_events_filtered_total",
    type: "counter",
    help: "Events that a middleware of the application dropped, by type; they are not among the published ones.",
    unit: "1",
    labels: ["type"],
  },
  eventQueueLength: {
    name: "rlm_event_queue_length",
    type: "gauge",
    help: "Events that wait for a subscriber or are being handled by it, by handler name; for subscribers with a queue.",
    unit: "1",
    labels: ["handler"],
  },
  eventHandlerErrors: {
    name: "rlm_event_handler_errors_total",
    type: "counter",
    help: "Event handlers that threw or rejected, by handler name.",
    unit: "1",
    labels: ["handler"],
  },
  telemetryDropped: {
    name: "rlm_telemetry_dropped_total",
    type: "counter",
    help: "Telemetry that was lost, by destination and reason.",
    unit: "1",
    labels: ["destination", "reason"],
  },
  telemetryExported: {
    name: "rlm_telemetry_exported_total",
    type: "counter",
    help: "Telemetry that its destination accepted.",
    unit: "1",
    labels: ["destination"],
  },
  labelOverflow: {
    name: "rlm_label_overflow_total",
    type: "counter",
    help: "Times that a label value became `other` because its metric had reached its limit, or it was too long; the same value counts each time it is looked up.",
    unit: "1",
    labels: ["metric"],
  },
  recordsEvicted: {
    name: "rlm_records_evicted_total",
    type: "counter",
    help: "Records of sessions, users and agent contexts that made room for others before their time: more are in use than `sessions.maxActive`.",
    unit: "1",
    labels: ["record"],
  },
  uninstrumentedRequests: {
    name: "rlm_uninstrumented_requests_total",
    type: "counter",
    help: "HTTP requests to known LLM providers that no observed client or `fetch` made.",
    unit: "1",
    labels: ["provider"],
  },
  unclassifiedRequests: {
    name: "rlm_unclassified_requests_total",
    type: "counter",
    help: "HTTP requests of observed clients, or to known providers, that are no LLM operation, such as files or batches; never priced.",
    unit: "1",
    labels: ["provider", "api"],
  },
  buildInfo: {
    name: "rlm_build_info",
    type: "gauge",
    help: "Always 1; the labels tell the version of this package, of its price table and of Node.js.",
    unit: "1",
    labels: ["version", "price_table", "node"],
  },
} as const satisfies Record<string, MetricDefinition>;

/** Every product metric, once. Dashboards, rules, docs and the metrics sink read this table. */
export const productMetrics = {
  ...contractMetrics,
  ...callMetrics,
  ...sessionMetrics,
  ...activityMetrics,
  ...selfMetrics,
} as const satisfies Record<string, MetricDefinition>;

export type ProductMetric = keyof typeof productMetrics;

/** The value of a label past its limit (see `metrics.maxLabelValues`). */
export const OVERFLOW_LABEL_VALUE = "other";
