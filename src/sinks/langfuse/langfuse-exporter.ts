import { ExportResultCode } from "@opentelemetry/core";
import type { SpanExporter } from "@opentelemetry/sdk-trace-base";
import { isLlmSpan } from "./is-llm-span.ts";
import { isSampled } from "./is-sampled.ts";
import type { SpanLineage } from "./span-lineage.ts";
import { type LangfuseTraceInfo, toLangfuseSpan } from "./to-langfuse-span.ts";

export interface LangfuseExporterOptions extends LangfuseTraceInfo {
  /** Sends OTLP/JSON to {@link langfuseEndpoint}. */
  readonly exporter: SpanExporter;
  /** Fed by a span processor; without it, spans keep the parents they have. */
  readonly lineage?: SpanLineage;
}

/** Sends the LLM spans of a batch to Langfuse, as copies with `langfuse.*` attributes. */
export function createLangfuseExporter(options: LangfuseExporterOptions): SpanExporter {
  const { exporter, lineage } = options;
  return {
    export(spans, resultCallback) {
      const copies = spans
        .filter((span) => isSampled(span.spanContext()) && isLlmSpan(span))
        .map((span) => toLangfuseSpan(span, options, lineage?.positionOf(span)));
      if (copies.length === 0) resultCallback({ code: ExportResultCode.SUCCESS });
      else exporter.export(copies, resultCallback);
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
