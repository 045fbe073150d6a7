import { Agent } from "node:http";
import type { ExportResult } from "@opentelemetry/core";
import type { SpanExporter } from "@opentelemetry/sdk-trace-base";
import { expect, test, vi } from "vitest";
import { startOtlpSink } from "../../../test/support/otlp-sink.ts";
import { readOnlySpan } from "../../../test/support/read-only-span.ts";
import {
  createOtlpHttpExporter,
  type OtlpHttpExporterOptions,
  type Transport,
} from "./otlp-http-exporter.ts";

function exporterFor(url: string, options: Partial<OtlpHttpExporterOptions> = {}): SpanExporter {
  return createOtlpHttpExporter({
    url: `${url}/v1/traces`,
    headers: {},
    timeoutMs: 2_000,
    transport: () => transport("none"),
    ...options,
  });
}

function transport(compression: Transport["compression"]): Transport {
  return { compression, agent: new Agent({ keepAlive: true }) };
}

function send(exporter: SpanExporter, count = 1): Promise<ExportResult> {
  const spans = Array.from({ length: count }, () => readOnlySpan());
  return new Promise((resolve) => exporter.export(spans, resolve));
}

test.each(["none", "gzip"] as const)(
  "sends what a receiver can read, compression %s",
  async (compression) => {
    await using sink = await startOtlpSink();

    const options = { transport: () => transport(compression), headers: { "x-team": "a" } };
    const result = await send(exporterFor(sink.url, options));

    expect(result).toEqual({ code: 0 });
    expect(sink.spans).toHaveLength(1);
    expect(sink.spans[0]?.name).toBe("chat gpt-4o");
    expect(sink.requests[0]?.headers).toMatchObject({
      "content-type": "application/json",
      "x-team": "a",
      ...(compression === "gzip" && { "content-encoding": "gzip" }),
    });
  },
);

test("takes no header from the environment", async () => {
  vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", "x-secret=canary");
  await using sink = await startOtlpSink();

  await send(exporterFor(sink.url));
  vi.unstubAllEnvs();

  expect(JSON.stringify(sink.requests[0]?.headers)).not.toContain("canary");
});

test("tells of spans that an accepted batch lost", async () => {
  await using sink = await startOtlpSink();
  sink.otlpAnswer = { partialSuccess: { rejectedSpans: "2", errorMessage: "too long" } };
  const onRejected = vi.fn();

  await send(exporterFor(sink.url, { onRejected }), 3);

  expect(onRejected).toHaveBeenCalledExactlyOnceWith(2);
});

test("a receiver that hangs is given up after the time-out", async () => {
  await using sink = await startOtlpSink();
  sink.mode = "hang";

  const result = await send(exporterFor(sink.url, { timeoutMs: 40 }));

  expect(result).toMatchObject({ code: 1, error: { reason: "timeout" } });
});

test("shutdown stops what is under way at once, and later batches are refused", async () => {
  await using sink = await startOtlpSink();
  sink.mode = "hang";
  const exporter = exporterFor(sink.url, { timeoutMs: 60_000 });
  const sending = send(exporter);
  await vi.waitFor(() => expect(sink.requests).toHaveLength(1));

  await exporter.shutdown();

  expect(await sending).toMatchObject({ code: 1, error: { reason: "shutdown" } });
  expect(await send(exporter)).toMatchObject({ code: 1, error: { reason: "shutdown" } });
});

test("forceFlush waits for what is under way", async () => {
  await using sink = await startOtlpSink();
  const exporter = exporterFor(sink.url);
  void send(exporter);

  await exporter.forceFlush?.();

  expect(sink.spans).toHaveLength(1);
});

test("what can't be loaded is a failure that says so, and stops nothing", async () => {
  await using sink = await startOtlpSink();
  const missing = Object.assign(new Error("secret"), { code: "ERR_MODULE_NOT_FOUND" });
  const exporter = exporterFor(sink.url, { transport: () => Promise.reject(missing) });

  expect(await send(exporter)).toEqual({ code: 1, error: missing });
  await exporter.shutdown();
  expect(sink.requests).toEqual([]);
});
