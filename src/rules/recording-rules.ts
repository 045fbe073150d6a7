import { productMetrics } from "../semconv/index.ts";
import { quantile, rate, ratio, sumBy } from "../semconv/promql.ts";
import { FAILURE_STATUSES } from "../semconv/service-levels.ts";
import type { RecordingRule, RuleGroup } from "./rule-types.ts";

/** Names of the recorded series: `level:metric:operations`, where the level is the labels that are left. */
export const recorded = {
  requestRate: "job_provider_model:rlm_requests:rate5m",
  failureRate: "job_provider_model:rlm_requests_failed:rate5m",
  failureRatio: "job_provider:rlm_requests_failed:ratio_rate5m",
  latencyP95: "job_provider_model:rlm_latency_seconds:p95_rate5m",
} as const;

/** What the alerts read: added up over instances, so that one noisy process is not judged alone. */
export function recordingGroup(): RuleGroup {
  return {
    name: "rlm-recording",
    rules: [requestRate(), failureRate(), failureRatio(), latency()],
  };
}

const MODEL = ["job", "provider", "model"] as const;
const PROVIDER = ["job", "provider"] as const;
const WINDOW = "5m";

function requestRate(): RecordingRule {
  const expr = rate(productMetrics.requests, { window: WINDOW, by: MODEL });
  return { record: recorded.requestRate, expr };
}

/** Zero where nothing failed: a ratio must not vanish because all is well. */
function failureRate(): RecordingRule {
  const where = { status: `=~"${FAILURE_STATUSES.join("|")}"` } as const;
  const failed = rate(productMetrics.requests, { window: WINDOW, by: MODEL, where });
  return { record: recorded.failureRate, expr: `${failed} or 0 * ${recorded.requestRate}` };
}

/** Both sides are added up before they are divided: the mean of ratios would be wrong. */
function failureRatio(): RecordingRule {
  const failed = sumBy(PROVIDER, recorded.failureRate);
  return {
    record: recorded.failureRatio,
    expr: ratio(failed, sumBy(PROVIDER, recorded.requestRate)),
  };
}

function latency(): RecordingRule {
  const expr = quantile(0.95, productMetrics.latency, { window: WINDOW, by: MODEL });
  return { record: recorded.latencyP95, expr };
}
