import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { Diagnostics } from "../../diagnostics/index.ts";
import type { SinkHealth } from "../../events/index.ts";
import { causeOf } from "./export-error.ts";

/** A place that spans go to, as messages and counters name it. */
export interface Destination {
  /** In counters: `otlp`, `langfuse`. */
  readonly name: string;
  readonly url: string;
  /** The settings to look at when credentials are refused. */
  readonly credentials: string;
  /** The settings to look at when the address is wrong. */
  readonly address: string;
}

export interface CountedExporter extends SpanExporter {
  /** Resolves when every batch handed over has its result. */
  forceFlush(): Promise<void>;
  health(): SinkHealth;
  /** Spans handed to the exporter and not settled; their results no longer count from here on. */
  abandon(): number;
}

/** Counts what `exporter` delivers and loses, reports each cause of loss once, and knows its health. */
export function countedExporter(
  exporter: SpanExporter,
  destination: Destination,
  diagnostics: Diagnostics,
): CountedExporter {
  const { name } = destination;
  let health: SinkHealth = { state: "unknown" };
  const batches = new Set<Promise<void>>();
  let underWay = 0;
  let isAbandoned = false;

  function settle(count: number, result: ExportResult): void {
    if (isAbandoned) return;
    underWay -= count;
    if (result.code === ExportResultCode.SUCCESS) {
      diagnostics.exported(name, count);
      health = { state: "ok" };
      return;
    }
    const cause = causeOf(result.error);
    const message = explain(destination, cause);
    diagnostics.dropped(name, "export_failed", count);
    diagnostics.warnOnce(name, `export ${cause}`, message);
    health = { state: "failing", lastError: message };
  }

  return {
    export(spans, resultCallback) {
      const count = spans.length;
      underWay += count;
      const batch = resultOf(exporter, spans).then((result) => {
        settle(count, result);
        batches.delete(batch);
        return resultCallback(result);
      });
      batches.add(batch);
    },
    async forceFlush() {
      await Promise.allSettled([...batches, exporter.forceFlush?.()]);
    },
    shutdown: () => exporter.shutdown(),
    health: () => health,
    abandon() {
      isAbandoned = true;
      return underWay;
    },
  };
}

/** What was lost and what to look at; `cause` is a low-cardinality word. */
export function explain({ url, credentials, address }: Destination, cause: string): string {
  const isRefused = cause === "HTTP 401" || cause === "HTTP 403";
  const advice = isRefused ? `credentials refused, check ${credentials}` : `check ${address}`;
  return `spans could not be sent to ${withoutSecrets(url)} (${cause}): ${advice}. Losses are counted in rlm_telemetry_dropped_total.`;
}

/** A URL may carry a password, or a token in its query. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** The one result of an export, also of an exporter that throws. */
function resultOf(exporter: SpanExporter, spans: ReadableSpan[]): Promise<ExportResult> {
  return new Promise<ExportResult>((resolve) => exporter.export(spans, resolve)).catch(
    (error: unknown) => ({
      code: ExportResultCode.FAILED,
      error: error instanceof Error ? error : new Error("exporter threw"),
    }),
  );
}
