import { productMetrics as m } from "../../semconv/index.ts";
import { counterOrGauge, histogram, type MetricFamily } from "./metric-family.ts";

export type ProductFamilies = ReturnType<typeof createProductFamilies>;

/** The cells behind every product metric that is fed by events. */
export function createProductFamilies(maxLabelValues: number) {
  const value = (definition: (typeof m)[keyof typeof m]) =>
    counterOrGauge(definition, maxLabelValues);
  const buckets = (definition: (typeof m)[keyof typeof m]) => histogram(definition, maxLabelValues);
  return {
    requests: value(m.requests),
    latency: buckets(m.latency),
    tokens: value(m.tokens),
    cost: value(m.cost),
    errors: value(m.errors),
    tokenDetails: value(m.tokenDetails),
    estimatedTokens: value(m.estimatedTokens),
    estimatedCost: value(m.estimatedCost),
    unpricedTokens: value(m.unpricedTokens),
    requestCost: buckets(m.requestCost),
    timeToFirstToken: buckets(m.timeToFirstToken),
    outputTokensPerSecond: buckets(m.outputTokensPerSecond),
    attempts: value(m.attempts),
    retries: value(m.retries),
    finishReasons: value(m.finishReasons),
    backoff: value(m.backoff),
    activeRequests: value(m.activeRequests),
    sessionDuration: buckets(m.sessionDuration),
    sessionCost: buckets(m.sessionCost),
    sessionRequests: buckets(m.sessionRequests),
    agentRuns: value(m.agentRuns),
    agentDuration: buckets(m.agentDuration),
    agentErrors: value(m.agentErrors),
    agentActive: value(m.agentActive),
    agentSwitches: value(m.agentSwitches),
    toolRequests: value(m.toolRequests),
    toolApprovals: value(m.toolApprovals),
    toolActive: value(m.toolActive),
    toolExecutions: value(m.toolExecutions),
    toolDuration: buckets(m.toolDuration),
    toolErrors: value(m.toolErrors),
    hitlRequests: value(m.hitlRequests),
    hitlPending: value(m.hitlPending),
    hitlDecisions: value(m.hitlDecisions),
    hitlTimeouts: value(m.hitlTimeouts),
    hitlWait: buckets(m.hitlWait),
    alertEvents: value(m.alertEvents),
  } as const satisfies Record<string, MetricFamily>;
}
