/** Where good ends: the colours of the dashboards and the thresholds of the alerts are the same numbers. */
export const serviceLevels = {
  /** Share of operations that end in error or are cut off. */
  failureRatio: { warning: 0.05, critical: 0.1 },
  /** Seconds. Both are bucket bounds of `rlm_latency_seconds`, so the quantile is exact there. */
  latencyP95Seconds: { warning: 5, critical: 10 },
  /** Fewer operations than this in five minutes are judged by nobody. */
  minimumRequests: 10,
} as const;

/** Values of the label `status` that count as a failure; leaving early is the caller's own decision. */
export const FAILURE_STATUSES = ["error", "truncated"] as const;
