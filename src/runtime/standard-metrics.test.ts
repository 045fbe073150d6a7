import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { completed, fullAnswer } from "../../test/support/llm-events.ts";
import { createDiagnostics, type Diagnostics } from "../diagnostics/index.ts";
import { createStandardMetrics, type StandardMetrics } from "./standard-metrics.ts";

const COUNT = /^gen_ai_client_operation_duration_count\{.*\} (\d+)$/m;

let diagnostics: Diagnostics;
let lines: string[];
let metrics: StandardMetrics;

beforeEach(() => {
  lines = [];
  diagnostics = createDiagnostics({ write: (line) => lines.push(line) });
  metrics = create();
});

afterEach(() => {
  vi.doUnmock("./otel-metrics.ts");
});

function create(maxLabelValues = 200): StandardMetrics {
  const resource = resourceFromAttributes({ "service.name": "shop" });
  return createStandardMetrics({ resource, maxLabelValues, diagnostics });
}

const call = () => metrics.sink.handle(completed(fullAnswer));

test("there is nothing to show before the first call", async () => {
  expect(await metrics.text()).not.toContain("gen_ai_");
  expect(metrics.limiter.overflowed).toBe(0);
});

test("calls are recorded whether the page was asked for or not", async () => {
  for (let index = 0; index < 3; index += 1) call();
  expect(COUNT.exec(await metrics.text())?.[1]).toBe("3");
  call();
  expect(COUNT.exec(await metrics.text())?.[1]).toBe("4");
});

test("label values past the limit are counted", async () => {
  metrics = create(1);
  call();
  metrics.sink.handle(completed({ ...fullAnswer, model: "another" }));
  expect(metrics.limiter.overflowed).toBeGreaterThan(0);
});

test("a serializer that can't be loaded is reported once, and calls are recorded all the same", async () => {
  vi.doMock("./otel-metrics.ts", () => {
    throw new Error("no such package");
  });
  await expect(metrics.text()).rejects.toThrow();
  call();
  await expect(metrics.text()).rejects.toThrow();
  expect(lines).toHaveLength(1);
  expect(diagnostics.counters.handlerErrors.size).toBe(0);
});
