import { convertLegacyHttpOptions } from "@opentelemetry/otlp-exporter-base/node-http";
import type { Diagnostics } from "../../diagnostics/index.ts";
import { type BoundedBatchProcessor, boundedBatchProcessor } from "./bounded-batch-processor.ts";
import { createOtlpHttpExporter } from "./otlp-http-exporter.ts";

/** Name of the OTLP destination in counters, health and messages. */
export const OTLP_DESTINATION = "otlp";

export interface OtlpProcessorOptions {
  /** Full URL, `/v1/traces` included. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxQueueSize: number;
  readonly scheduledDelayMs?: number;
}

/** Sends every span by OTLP/HTTP to the user's own back end. */
export function createOtlpSpanProcessor(
  options: OtlpProcessorOptions,
  diagnostics: Diagnostics,
): BoundedBatchProcessor {
  // certificates and compression are what only OTel's environment variables say
  const environment = convertLegacyHttpOptions({ url: options.url }, "TRACES", "v1/traces", {});
  const exporter = createOtlpHttpExporter({
    url: options.url,
    headers: options.headers,
    timeoutMs: options.timeoutMs,
    compression: environment.compression,
    agent: environment.agentFactory,
    onRejected: (count) => diagnostics.dropped(OTLP_DESTINATION, "rejected", count),
  });
  return boundedBatchProcessor({
    ...options,
    exporter,
    destination: {
      name: OTLP_DESTINATION,
      url: options.url,
      credentials: "OTEL_EXPORTER_OTLP_HEADERS",
      address: "OTEL_EXPORTER_OTLP_ENDPOINT and that a collector listens there",
    },
    diagnostics,
  });
}

/** The URL for spans: `tracesEndpoint` as it is, or `endpoint` with `/v1/traces`; undefined when neither is set. */
export function otlpTracesUrl(config: {
  readonly endpoint?: string | undefined;
  readonly tracesEndpoint?: string | undefined;
}): string | undefined {
  if (config.tracesEndpoint !== undefined) return config.tracesEndpoint;
  return config.endpoint && `${config.endpoint.replace(/\/+$/, "")}/v1/traces`;
}
