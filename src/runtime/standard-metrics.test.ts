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
  return createStandardMetrics({ resource, version: "0.1.0", maxLabelValues, diagnostics });
}

const losses = () => [...diagnostics.counters.dropped.values()];
const call = () => metrics.sink.handle(completed(fullAnswer));

test("there is nothing to show before the first call", async () => {
  expect(await metrics.text()).toBe("");
  expect(metrics.limiter.overflowed).toBe(0);
});

test("calls are recorded that end before the SDK is loaded, and after it", async () => {
  for (let index = 0; index < 3; index += 1) call();
  expect(COUNT.exec(await metrics.text())?.[1]).toBe("3");
  call();
  expect(COUNT.exec(await metrics.text())?.[1]).toBe("4");
  expect(losses()).toEqual([]);
});

test("what comes while it is loading is bounded, and what is too much is counted", async () => {
  for (let index = 0; index < 1_002; index += 1) call();
  expect(losses()).toEqual([{ destination: "gen-ai-metrics", reason: "queue_full", count: 2 }]);
  expect(COUNT.exec(await metrics.text())?.[1]).toBe("1000");
});

test("label values past the limit are counted", async () => {
  metrics = create(1);
  call();
  metrics.sink.handle(completed({ ...fullAnswer, model: "another" }));
  await metrics.text();
  expect(metrics.limiter.overflowed).toBeGreaterThan(0);
});

test("an SDK that can't be loaded is reported once, and every call is counted as lost", async () => {
  vi.doMock("./otel-metrics.ts", () => {
    throw new Error("no such package");
  });
  call();
  call();
  await expect(metrics.text()).rejects.toThrow();
  call();
  await expect(metrics.text()).rejects.toThrow();
  expect(lines).toHaveLength(1);
  expect(losses()).toEqual([{ destination: "gen-ai-metrics", reason: "not_loaded", count: 3 }]);
});

test("closing is harmless, used or not", async () => {
  await metrics.sink.shutdown?.();
  call();
  await metrics.sink.shutdown?.();
  await metrics.sink.shutdown?.();
  expect(lines).toEqual([]);
});
