/** A metric that goes through the OpenTelemetry metrics SDK, or looks as if it did. */
interface OtelMetricDefinition {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}

export interface OtelHistogramDefinition extends OtelMetricDefinition {
  readonly buckets: readonly number[];
}

export type OtelCounterDefinition = OtelMetricDefinition;

const DURATION_BUCKETS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
] as const;

/** Upper bounds of the time between two chunks. Seconds. */
export const CHUNK_GAP_BOUNDS: readonly number[] = DURATION_BUCKETS;

const TOKEN_BUCKETS = [
  1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
] as const;

/** The standard client metrics of the GenAI semantic conventions v1.41.1, §1.5 of their metrics page. */
export const genAiMetrics = {
  operationDuration: {
    name: "gen_ai.client.operation.duration",
    unit: "s",
    description: "Duration of a GenAI client operation.",
    buckets: DURATION_BUCKETS,
  },
  tokenUsage: {
    name: "gen_ai.client.token.usage",
    unit: "{token}",
    description: "Tokens used by a GenAI client operation.",
    buckets: TOKEN_BUCKETS,
  },
  timeToFirstChunk: {
    name: "gen_ai.client.operation.time_to_first_chunk",
    unit: "s",
    description: "Time until the first chunk of a streamed answer arrived.",
    buckets: DURATION_BUCKETS,
  },
  timePerOutputChunk: {
    name: "gen_ai.client.operation.time_per_output_chunk",
    unit: "s",
    description: "Time between two content chunks of a streamed answer, for each after the first.",
    buckets: CHUNK_GAP_BOUNDS,
  },
} as const satisfies Record<string, OtelHistogramDefinition>;

/** The same in the repository `semantic-conventions-genai`, which has no release yet: what it names anew. */
export const genAiMainMetrics = {
  inferenceDuration: {
    name: "gen_ai.client.inference.duration",
    unit: "s",
    description: "Duration of a GenAI inference.",
    buckets: DURATION_BUCKETS,
  },
  embeddingsDuration: {
    name: "gen_ai.client.embeddings.duration",
    unit: "s",
    description: "Duration of making embeddings.",
    buckets: DURATION_BUCKETS,
  },
  inferenceTimeToFirstChunk: {
    name: "gen_ai.client.inference.time_to_first_chunk",
    unit: "s",
    description: "Time until the first chunk of a streamed answer arrived.",
    buckets: DURATION_BUCKETS,
  },
  inferenceTimePerOutputChunk: {
    name: "gen_ai.client.inference.time_per_output_chunk",
    unit: "s",
    description: "Time between two content chunks of a streamed answer, for each after the first.",
    buckets: CHUNK_GAP_BOUNDS,
  },
  inferenceInputTokens: {
    name: "gen_ai.client.inference.operation.input_tokens",
    unit: "{token}",
    description: "Input tokens of one inference.",
    buckets: TOKEN_BUCKETS,
  },
  inferenceOutputTokens: {
    name: "gen_ai.client.inference.operation.output_tokens",
    unit: "{token}",
    description: "Output tokens of one inference.",
    buckets: TOKEN_BUCKETS,
  },
  embeddingsInputTokens: {
    name: "gen_ai.client.embeddings.operation.input_tokens",
    unit: "{token}",
    description: "Input tokens of one making of embeddings.",
    buckets: TOKEN_BUCKETS,
  },
} as const satisfies Record<string, OtelHistogramDefinition>;

export const genAiMainCounters = {
  inputTokens: {
    name: "gen_ai.client.inference.usage.input_tokens",
    unit: "{token}",
    description: "Input tokens, cached ones included, by modality.",
  },
  outputTokens: {
    name: "gen_ai.client.inference.usage.output_tokens",
    unit: "{token}",
    description: "Output tokens, reasoning included, by modality.",
  },
  cacheReadTokens: {
    name: "gen_ai.client.inference.usage.cache_read.input_tokens",
    unit: "{token}",
    description: "Input tokens that came from the provider's cache.",
  },
  cacheWriteTokens: {
    name: "gen_ai.client.inference.usage.cache_write.input_tokens",
    unit: "{token}",
    description: "Input tokens that were written to the provider's cache.",
  },
  reasoningTokens: {
    name: "gen_ai.client.inference.usage.reasoning.output_tokens",
    unit: "{token}",
    description: "Output tokens that were spent on reasoning.",
  },
} as const satisfies Record<string, OtelCounterDefinition>;

/** The name under which `@opentelemetry/exporter-prometheus` shows an OTel histogram: no unit suffix. */
export function prometheusName(otelName: string): string {
  return otelName.replaceAll(".", "_");
}
