import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import type { Context } from "@opentelemetry/api";
import type { ReadableSpan, Span } from "@opentelemetry/sdk-trace-base";
import type { Diagnostics } from "../../diagnostics/index.ts";
import {
  createLangfuseExporter,
  createSpanLineage,
  environmentName,
  isLlmSpan,
  type LangfuseCredentials,
  langfuseEndpoint,
} from "../../sinks/langfuse/index.ts";
import { type BoundedBatchProcessor, boundedBatchProcessor } from "./bounded-batch-processor.ts";
import type { Destination } from "./counted-exporter.ts";
import { createOtlpHttpExporter, type Transport } from "./otlp-http-exporter.ts";

/** Name of Langfuse in counters, health and messages. */
export const LANGFUSE_DESTINATION = "langfuse";

export interface LangfuseProcessorOptions extends LangfuseCredentials {
  readonly environment?: string | undefined;
  readonly release?: string | undefined;
  readonly version?: string | undefined;
  readonly timeoutMs: number;
  readonly maxQueueSize: number;
  readonly scheduledDelayMs?: number;
}

/** Sends LLM spans to Langfuse; other spans never take a place in its queue. */
export function createLangfuseSpanProcessor(
  options: LangfuseProcessorOptions,
  diagnostics: Diagnostics,
): BoundedBatchProcessor {
  const lineage = createSpanLineage();
  const endpoint = langfuseEndpoint(options);
  const destination: Destination = {
    name: LANGFUSE_DESTINATION,
    url: endpoint.url,
    credentials: "LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY",
    address: "LANGFUSE_BASE_URL",
  };
  const http = createOtlpHttpExporter({
    ...endpoint,
    timeoutMs: options.timeoutMs,
    transport: compressed,
    onRejected: (count) => diagnostics.dropped(LANGFUSE_DESTINATION, "rejected", count),
  });
  const exporter = createLangfuseExporter({
    exporter: http,
    lineage,
    environment: environmentName(options.environment),
    release: options.release,
    version: options.version,
  });
  const onClosing = () => http.closing();
  const batch = boundedBatchProcessor({
    ...options,
    exporter,
    onClosing,
    destination,
    diagnostics,
  });
  return {
    onStart(span: Span, parentContext: Context) {
      lineage.onStart(span, parentContext);
    },
    onEnd(span: ReadableSpan) {
      if (isLlmSpan(span)) batch.onEnd(span);
    },
    health: () => batch.health(),
    forceFlush: (deadlineMs) => batch.forceFlush(deadlineMs),
    shutdown: (deadlineMs) => batch.shutdown(deadlineMs),
  };
}

function compressed(protocol: string): Transport {
  const AgentOf = protocol === "https:" ? TlsAgent : Agent;
  return { compression: "gzip", agent: new AgentOf({ keepAlive: true }) };
}
