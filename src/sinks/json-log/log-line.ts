import type { TerminalEvent } from "../../events/index.ts";

/** One finished operation as the fields of a log line; no prompt, answer or provider's message is in it. */
export function logLine(event: TerminalEvent): Record<string, unknown> {
  const { data } = event;
  return {
    event: event.type,
    timestamp: new Date(event.timestamp).toISOString(),
    provider: data.provider,
    model: data.model,
    operation: data.operation,
    outcome: data.outcome,
    error_type: event.type === "llm_request_failed" ? event.data.errorType : undefined,
    http_status: data.httpStatus,
    duration_ms: round(data.durationMs),
    time_to_first_token_ms: round(data.timeToFirstTokenMs),
    attempts: data.attempts.length,
    finish_reasons: data.finishReasons,
    tokens: data.usage && {
      prompt: data.usage.inputTokens,
      completion: data.usage.outputTokens,
      estimated: data.usage.estimated,
      total: (data.usage.inputTokens ?? 0) + (data.usage.outputTokens ?? 0),
    },
    cost_usd: data.cost?.totalUsd,
    session_id: event.sessionId,
    user_id: data.context.userId,
    tags: data.context.tags,
    metadata: data.context.metadata,
    correlation_id: event.correlationId,
    trace_id: event.traceId,
    span_id: event.spanId,
  };
}

/** Milliseconds to three places. */
function round(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 1000) / 1000;
}
