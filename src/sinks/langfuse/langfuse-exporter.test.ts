import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import { expect, test, vi } from "vitest";
import { readOnlySpan } from "../../../test/support/read-only-span.ts";
import { createLangfuseExporter } from "./langfuse-exporter.ts";

/** Exports `spans` and resolves with the result. */
function exported(exporter: SpanExporter, spans: ReadableSpan[]): Promise<ExportResult> {
  return new Promise((resolve) => exporter.export(spans, resolve));
}

test("sends own spans and spans with gen_ai attributes, nothing else, nothing unsampled", async () => {
  const inner = new InMemorySpanExporter();

  const result = await exported(createLangfuseExporter({ exporter: inner, release: "r1" }), [
    readOnlySpan({ name: "own" }),
    readOnlySpan({ name: "other", scope: "x", attributes: { "gen_ai.system": "openai" } }),
    readOnlySpan({ name: "http", scope: "http" }),
    readOnlySpan({ name: "unsampled", isSampled: false }),
  ]);

  const sent = inner.getFinishedSpans();
  expect(sent.map(({ name }) => name)).toEqual(["own", "other"]);
  expect(sent.map(({ attributes }) => attributes["langfuse.release"])).toEqual(["r1", "r1"]);
  expect(result).toEqual({ code: ExportResultCode.SUCCESS });
});

test("a batch without LLM spans is done without a request", async () => {
  const inner = new InMemorySpanExporter();
  const exportSpy = vi.spyOn(inner, "export");

  const result = await exported(createLangfuseExporter({ exporter: inner }), [
    readOnlySpan({ scope: "http" }),
  ]);

  expect(exportSpy).not.toHaveBeenCalled();
  expect(result).toEqual({ code: ExportResultCode.SUCCESS });
});
