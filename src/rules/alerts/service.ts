import { sumBy } from "../../semconv/promql.ts";
import { serviceLevels } from "../../semconv/service-levels.ts";
import type { AlertSpec } from "../alert.ts";
import { recorded } from "../recording-rules.ts";

const WINDOW_SECONDS = 300;

/** Fewer operations than this say nothing: one failure of three is not an error ratio of a third. */
function withTraffic(condition: string, labels: readonly string[]): string {
  const requests = `${sumBy(labels, recorded.requestRate)} * ${WINDOW_SECONDS}`;
  return `${condition} and on (${labels.join(", ")}) ${requests} >= ${serviceLevels.minimumRequests}`;
}

function errorRatio(severity: "warning" | "critical"): AlertSpec {
  const limit = serviceLevels.failureRatio[severity];
  return {
    alert: "LlmErrorRatioHigh",
    severity,
    expr: withTraffic(`${recorded.failureRatio} > ${limit}`, ["job", "provider"]),
    for: "5m",
    keepFiringFor: "5m",
    summary: "Too many LLM operations fail.",
    description:
      "{{ $value | humanizePercentage }} of the operations of {{ $labels.job }} with {{ $labels.provider }} " +
      `failed in the last 5 minutes; the ${severity} limit is ${limit * 100}%.`,
    panel: "error-ratio",
  };
}

function latency(severity: "warning" | "critical"): AlertSpec {
  const limit = serviceLevels.latencyP95Seconds[severity];
  return {
    alert: "LlmLatencyHigh",
    severity,
    expr: withTraffic(`${recorded.latencyP95} > ${limit}`, ["job", "provider", "model"]),
    for: "10m",
    keepFiringFor: "5m",
    summary: "LLM operations are slow.",
    description:
      "One in 20 operations of {{ $labels.job }} with {{ $labels.provider }} {{ $labels.model }} takes longer than " +
      `{{ $value | humanizeDuration }}; the ${severity} limit is ${limit}s.`,
    panel: "latency",
  };
}

/** What a user of the application feels. */
export function serviceAlerts(): AlertSpec[] {
  return [errorRatio("warning"), errorRatio("critical"), latency("warning"), latency("critical")];
}
