import type { Context } from "@opentelemetry/api";
import { ExportResultCode } from "@opentelemetry/core";
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type Span,
  type SpanExporter,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type { Diagnostics } from "../../diagnostics/index.ts";
import type { SinkHealth } from "../../events/index.ts";
import { within } from "../../timing/index.ts";
import {
  countedExporter,
  type CountedExporter,
  type Destination,
  explain,
} from "./counted-exporter.ts";

const DEFAULT_DEADLINE_MS = 5_000;
const MAX_BATCH_SIZE = 512;

export interface BoundedBatchOptions {
  readonly exporter: SpanExporter;
  /** Told before the last flush. */
  readonly onClosing?: () => void;
  readonly destination: Destination;
  readonly diagnostics: Diagnostics;
  /** Spans held at the most, those being sent included; the next one is dropped and counted. */
  readonly maxQueueSize: number;
  /** Longest time that an ended span waits for others. Default 1,000. */
  readonly scheduledDelayMs?: number;
}

/** A batch processor that accounts for every span and whose flush and shutdown are bounded and never reject. */
export interface BoundedBatchProcessor extends SpanProcessor {
  health(): SinkHealth;
  forceFlush(deadlineMs?: number): Promise<void>;
  shutdown(deadlineMs?: number): Promise<void>;
}

/**
 * The SDK's batch processor behind a gate. Each sampled span that ends is counted exactly once: exported,
 * `export_failed`, `queue_full`, `shutdown_timeout`, or `shut_down` when it ended too late.
 */
export function boundedBatchProcessor(options: BoundedBatchOptions): BoundedBatchProcessor {
  return new BoundedBatch(options);
}

class BoundedBatch implements BoundedBatchProcessor {
  readonly #options: BoundedBatchOptions;
  readonly #exporter: CountedExporter;
  readonly #batch: SpanProcessor;
  /** Accepted spans that are neither delivered nor lost. */
  #held = 0;
  /** The part of `#held` that the exporter has not been given yet. */
  #queued = 0;
  #closing: Promise<void> | undefined;

  constructor(options: BoundedBatchOptions) {
    this.#options = options;
    const { exporter, destination, diagnostics, maxQueueSize } = options;
    this.#exporter = countedExporter(exporter, destination, diagnostics);
    this.#batch = new BatchSpanProcessor(this.#ledger(), {
      maxQueueSize,
      maxExportBatchSize: Math.min(MAX_BATCH_SIZE, maxQueueSize),
      scheduledDelayMillis: options.scheduledDelayMs ?? 1_000,
    });
  }

  onStart(span: Span, parentContext: Context): void {
    this.#batch.onStart(span, parentContext);
  }

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & 1) === 0) return;
    if (this.#closing) {
      this.#options.diagnostics.dropped(this.#options.destination.name, "shut_down", 1);
    } else if (this.#held >= this.#options.maxQueueSize) {
      this.#lost("queue_full", 1);
    } else {
      this.#held += 1;
      this.#queued += 1;
      this.#batch.onEnd(span);
    }
  }

  health(): SinkHealth {
    return this.#exporter.health();
  }

  async forceFlush(deadlineMs = DEFAULT_DEADLINE_MS): Promise<void> {
    await within(deadlineMs, this.#flush());
  }

  shutdown(deadlineMs = DEFAULT_DEADLINE_MS): Promise<void> {
    this.#closing ??= this.#close(deadlineMs);
    return this.#closing;
  }

  /** The SDK's flush hands over what is queued; the exporter's waits for what is under way. */
  async #flush(): Promise<void> {
    await this.#batch.forceFlush().catch(() => {});
    await this.#exporter.forceFlush();
  }

  async #close(deadlineMs: number): Promise<void> {
    this.#options.onClosing?.();
    await within(deadlineMs, this.#flush());
    const lost = this.#queued + this.#exporter.abandon();
    if (lost > 0) this.#lost("shutdown_timeout", lost);
    // stops what is under way; given up above, so nothing to wait for
    void this.#batch.shutdown().catch(() => {});
    void this.#exporter.shutdown().catch(() => {});
  }

  #lost(reason: string, count: number): void {
    const { destination, diagnostics } = this.#options;
    diagnostics.dropped(destination.name, reason, count);
    diagnostics.warnOnce(destination.name, reason, explain(destination, reason));
  }

  /**
   * What the SDK's processor exports to. It is told at once that all is well: results are accounted for here, and the
   * timer with which it would wait for one keeps a process alive that has nothing else to do.
   */
  #ledger(): SpanExporter {
    return {
      export: (spans, resultCallback) => {
        this.#queued -= spans.length;
        this.#exporter.export(spans, () => {
          this.#held -= spans.length;
        });
        resultCallback({ code: ExportResultCode.SUCCESS });
      },
      shutdown: () => this.#exporter.shutdown(),
    };
  }
}
