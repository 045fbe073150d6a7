import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { SpanExporter } from "@opentelemetry/sdk-trace-base";
import { beforeEach, expect, test } from "vitest";
import { readOnlySpan } from "../../../test/support/read-only-span.ts";
import { createDiagnostics, type Diagnostics } from "../../diagnostics/index.ts";
import { countedExporter, type Destination } from "./counted-exporter.ts";
import { ExportError } from "./export-error.ts";

const destination: Destination = {
  name: "otlp",
  url: "http://user:canary@collector:4318/v1/traces?token=canary",
  credentials: "OTEL_EXPORTER_OTLP_HEADERS",
  address: "OTEL_EXPORTER_OTLP_ENDPOINT",
};
const spans = [readOnlySpan(), readOnlySpan(), readOnlySpan()];
const OK: ExportResult = { code: ExportResultCode.SUCCESS };

let lines: string[];
let diagnostics: Diagnostics;

beforeEach(() => {
  lines = [];
  diagnostics = createDiagnostics({ write: (line) => lines.push(line) });
});

function failing(error: Error): ExportResult {
  return { code: ExportResultCode.FAILED, error };
}

function exporterOf(exportSpans: SpanExporter["export"]): SpanExporter {
  return { export: exportSpans, shutdown: async () => {} };
}

function counts() {
  const { exported, dropped } = diagnostics.counters;
  return {
    exported: exported.get("otlp") ?? 0,
    failed: dropped.get("otlp\u0000export_failed")?.count ?? 0,
  };
}

test("counts what arrives and what doesn't, and its health follows the last export", async () => {
  let next: ExportResult = OK;
  const counted = countedExporter(
    exporterOf((_, done) => done(next)),
    destination,
    diagnostics,
  );
  expect(counted.health()).toEqual({ state: "unknown" });

  counted.export(spans, () => {});
  await counted.forceFlush();
  expect(counted.health()).toEqual({ state: "ok" });

  next = failing(new ExportError("refused", 500));
  counted.export(spans, () => {});
  await counted.forceFlush();
  expect(counted.health()).toMatchObject({ state: "failing" });
  expect(counts()).toEqual({ exported: 3, failed: 3 });

  next = OK;
  counted.export(spans, () => {});
  await counted.forceFlush();
  expect(counted.health()).toEqual({ state: "ok" });
});

test("reports each cause once, says what to check, and tells no secret of URL, error or header", async () => {
  let error: Error = new ExportError("ECONNREFUSED");
  const counted = countedExporter(
    exporterOf((_, done) => done(failing(error))),
    destination,
    diagnostics,
  );

  for (let times = 0; times < 5; times++) counted.export(spans, () => {});
  await counted.forceFlush();
  error = Object.assign(new Error("canary in a body"), { code: 401 });
  for (let times = 0; times < 5; times++) counted.export(spans, () => {});
  await counted.forceFlush();

  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain(
    "http://collector:4318/v1/traces (ECONNREFUSED): check OTEL_EXPORTER_OTLP_ENDPOINT",
  );
  expect(lines[1]).toContain("(HTTP 401): credentials refused, check OTEL_EXPORTER_OTLP_HEADERS");
  expect(lines.join()).not.toContain("canary");
  expect(counts().failed).toBe(30);
});

test("an exporter that throws, or answers twice, is counted once", async () => {
  const throwing = countedExporter(
    exporterOf(() => {
      throw new Error("broken");
    }),
    destination,
    diagnostics,
  );
  const results: ExportResult[] = [];
  throwing.export(spans, (result) => results.push(result));
  await throwing.forceFlush();
  const twice = countedExporter(
    exporterOf((_, done) => {
      done(OK);
      done(OK);
    }),
    destination,
    diagnostics,
  );
  twice.export(spans, (result) => results.push(result));
  await twice.forceFlush();

  expect(counts()).toEqual({ exported: 3, failed: 3 });
  expect(results.map(({ code }) => code)).toEqual([
    ExportResultCode.FAILED,
    ExportResultCode.SUCCESS,
  ]);
});

test("what was abandoned isn't counted again when its result comes after all", async () => {
  let answer: ((result: ExportResult) => void) | undefined;
  const counted = countedExporter(
    exporterOf((_, done) => {
      answer = done;
    }),
    destination,
    diagnostics,
  );
  counted.export(spans, () => {});

  expect(counted.abandon()).toBe(3);
  answer?.(OK);
  await counted.forceFlush();

  expect(counts()).toEqual({ exported: 0, failed: 0 });
});
