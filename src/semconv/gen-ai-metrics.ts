/** The standard client metrics of the GenAI semantic conventions v1.41.1, §1.5 of their metrics page. */
export interface OtelHistogramDefinition {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly buckets: readonly number[];
}

const DURATION_BUCKETS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
] as const;

const TOKEN_BUCKETS = [
  1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
] as const;

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
} as const satisfies Record<string, OtelHistogramDefinition>;

/** The name under which `@opentelemetry/exporter-prometheus` shows an OTel histogram: no unit suffix. */
export function prometheusName(otelName: string): string {
  return otelName.replaceAll(".", "_");
}
