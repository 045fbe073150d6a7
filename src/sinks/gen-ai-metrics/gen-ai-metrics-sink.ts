import type { Attributes, Histogram, Meter } from "@opentelemetry/api";
import type { LlmCompletedData, LlmFailedData, Sink } from "../../events/index.ts";
import { LabelLimiter } from "../../redaction/index.ts";
import { attribute, genAiMetrics, type OtelHistogramDefinition } from "../../semconv/index.ts";
import { FREE_ATTRIBUTES, metricAttributes } from "./metric-attributes.ts";

export interface GenAiMetricsSink extends Sink {
  /** Counts the values that became `other`. */
  readonly limiter: LabelLimiter;
}

/** What the sink listens to, and as whom; known before it is loaded. */
export const genAiMetricsSubscription = {
  name: "gen-ai-metrics",
  priority: 5,
  types: ["llm_request_completed", "llm_request_failed"],
} as const satisfies Partial<Sink>;

/**
 * Records the standard client metrics of the GenAI conventions v1.41: operation duration, token usage (only when
 * the provider told it) and, for streams, time to first chunk. Their attributes are bounded like labels.
 */
export function createGenAiMetricsSink(meter: Meter, maxLabelValues = 200): GenAiMetricsSink {
  const limiter = new LabelLimiter(FREE_ATTRIBUTES, maxLabelValues);
  const duration = createHistogram(meter, genAiMetrics.operationDuration);
  const tokenUsage = createHistogram(meter, genAiMetrics.tokenUsage);
  const timeToFirstChunk = createHistogram(meter, genAiMetrics.timeToFirstChunk);

  function recordTokens(type: "input" | "output", count: number | undefined, base: Attributes) {
    if (count !== undefined) tokenUsage.record(count, { ...base, [attribute.tokenType]: type });
  }

  function record(data: LlmCompletedData | LlmFailedData): void {
    const { base, error } = metricAttributes(data, errorTypeOf(data), limiter);
    duration.record(data.durationMs / 1000, error);
    recordTokens("input", data.usage?.inputTokens, base);
    recordTokens("output", data.usage?.outputTokens, base);
    if (data.timeToFirstTokenMs !== undefined) {
      timeToFirstChunk.record(data.timeToFirstTokenMs / 1000, base);
    }
  }

  return {
    ...genAiMetricsSubscription,
    limiter,
    handle(event) {
      if (event.type === "llm_request_completed" || event.type === "llm_request_failed") {
        record(event.data);
      }
    },
  };
}

/** Aborted and abandoned are the caller's own doing: no error of the operation. */
function errorTypeOf(data: LlmCompletedData | LlmFailedData): string | undefined {
  return data.outcome === "error" || data.outcome === "truncated" ? data.errorType : undefined;
}

function createHistogram(meter: Meter, definition: OtelHistogramDefinition): Histogram {
  return meter.createHistogram(definition.name, {
    unit: definition.unit,
    description: definition.description,
    advice: { explicitBucketBoundaries: [...definition.buckets] },
  });
}
