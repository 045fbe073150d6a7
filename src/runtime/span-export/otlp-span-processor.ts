import type { Diagnostics } from "../../diagnostics/index.ts";
import { type BoundedBatchProcessor, boundedBatchProcessor } from "./bounded-batch-processor.ts";
import { createOtlpHttpExporter, type Transport } from "./otlp-http-exporter.ts";

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
  const exporter = createOtlpHttpExporter({
    url: options.url,
    headers: options.headers,
    timeoutMs: options.timeoutMs,
    transport: (protocol) => environmentTransport(options.url, protocol),
    onRejected: (count) => diagnostics.dropped(OTLP_DESTINATION, "rejected", count),
  });
  return boundedBatchProcessor({
    ...options,
    exporter,
    onClosing: () => exporter.closing(),
    destination: {
      name: OTLP_DESTINATION,
      url: options.url,
      credentials: "OTEL_EXPORTER_OTLP_HEADERS",
      address: "OTEL_EXPORTER_OTLP_ENDPOINT and that a collector listens there",
    },
    diagnostics,
  });
}

/** Certificates and compression are what only OTel's environment variables say. */
async function environmentTransport(url: string, protocol: string): Promise<Transport> {
  const { convertLegacyHttpOptions } = await import("@opentelemetry/otlp-exporter-base/node-http");
  const { compression, agentFactory } = convertLegacyHttpOptions(
    { url },
    "TRACES",
    "v1/traces",
    {},
  );
  return { compression, agent: await agentFactory(protocol) };
}

/** The URL for spans: `tracesEndpoint` as it is, or `endpoint` with `/v1/traces`; undefined when neither is set. */
export function otlpTracesUrl(config: {
  readonly endpoint?: string | undefined;
  readonly tracesEndpoint?: string | undefined;
}): string | undefined {
  if (config.tracesEndpoint !== undefined) return config.tracesEndpoint;
  return config.endpoint && `${config.endpoint.replace(/\/+$/, "")}/v1/traces`;
}
