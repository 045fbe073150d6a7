import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { beforeEach, expect, test } from "vitest";
import { readOnlySpan } from "../../../test/support/read-only-span.ts";
import { createDiagnostics, type Diagnostics } from "../../diagnostics/index.ts";
import { type BoundedBatchProcessor, boundedBatchProcessor } from "./bounded-batch-processor.ts";

let diagnostics: Diagnostics;

beforeEach(() => {
  diagnostics = createDiagnostics({ write: () => {} });
});

/** An exporter whose batches wait until they are answered. */
class ManualExporter implements SpanExporter {
  readonly batches: ReadableSpan[][] = [];
  readonly #answers: (() => void)[] = [];
  isShutDown = false;

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.batches.push(spans);
    this.#answers.push(() => done({ code: ExportResultCode.SUCCESS }));
  }

  answerAll(): void {
    for (const answer of this.#answers.splice(0)) answer();
  }

  async shutdown(): Promise<void> {
    this.isShutDown = true;
  }
}

function processorWith(exporter: SpanExporter, maxQueueSize: number): BoundedBatchProcessor {
  return boundedBatchProcessor({
    exporter,
    diagnostics,
    maxQueueSize,
    destination: { name: "otlp", url: "http://collector/", credentials: "C", address: "A" },
  });
}

function end(processor: BoundedBatchProcessor, count: number): void {
  for (let index = 0; index < count; index++) processor.onEnd(readOnlySpan());
}

function counts(): Record<string, number> {
  const { exported, dropped } = diagnostics.counters;
  const result: Record<string, number> = { exported: exported.get("otlp") ?? 0 };
  for (const { reason, count } of dropped.values()) result[reason] = count;
  return result;
}

test("holds maxQueueSize spans, those being sent included, and counts every one it refuses", async () => {
  const exporter = new ManualExporter();
  const processor = processorWith(exporter, 100);

  end(processor, 150);
  expect(counts()).toEqual({ exported: 0, queue_full: 50 });

  const flushed = processor.forceFlush();
  end(processor, 10);
  expect(counts()).toEqual({ exported: 0, queue_full: 60 });

  exporter.answerAll();
  await flushed;
  end(processor, 100);
  expect(counts()).toEqual({ exported: 100, queue_full: 60 });
});

test("counts every span that could not leave before the deadline, sent or not, exactly once", async () => {
  const exporter = new ManualExporter();
  const processor = processorWith(exporter, 2_000);
  end(processor, 700);

  await Promise.all([processor.shutdown(20), processor.shutdown(20)]);
  exporter.answerAll();
  await Promise.resolve();
  end(processor, 3);

  expect(counts()).toEqual({ exported: 0, shutdown_timeout: 700, shut_down: 3 });
  expect(exporter.isShutDown).toBe(true);
});

test("what arrives in time is no loss", async () => {
  const exporter = new ManualExporter();
  const processor = processorWith(exporter, 2_000);
  end(processor, 1_300);

  const closed = processor.shutdown(5_000);
  exporter.answerAll();
  await closed;

  expect(counts()).toEqual({ exported: 1_300 });
  expect(exporter.batches.flat()).toHaveLength(1_300);
});

test("unsampled spans neither go nor count", async () => {
  const exporter = new ManualExporter();
  const processor = processorWith(exporter, 10);

  processor.onEnd(readOnlySpan({ isSampled: false }));
  await processor.shutdown(100);

  expect(exporter.batches).toEqual([]);
  expect(counts()).toEqual({ exported: 0 });
});

test("an exporter that fails in every way never makes flush or shutdown reject", async () => {
  const fail = async () => {
    throw new Error("broken");
  };
  const processor = processorWith(
    {
      export: () => {
        throw new Error("broken");
      },
      forceFlush: fail,
      shutdown: fail,
    },
    10,
  );
  end(processor, 4);

  await expect(processor.forceFlush(1_000)).resolves.toBeUndefined();
  await expect(processor.shutdown(1_000)).resolves.toBeUndefined();
  expect(counts()).toEqual({ exported: 0, export_failed: 4 });
});
