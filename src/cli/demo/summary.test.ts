import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Output } from "../terminal.ts";
import { introduction } from "./introduction.ts";
import { startLiveSummary } from "./live-summary.ts";
import { report } from "./report.ts";
import { Screen } from "./screen.ts";
import { createStatistics, type Snapshot } from "./statistics.ts";
import { summaryLine, summaryLines } from "./summary.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const snapshot: Snapshot = {
  uptimeMs: 65_000,
  active: 3,
  finished: 1234,
  outcomes: { success: 1200, error: 20, aborted: 10, abandoned: 3, truncated: 1 },
  retries: 56,
  latencyP50Ms: 820,
  latencyP95Ms: 2104,
  firstTokenP50Ms: undefined,
  inputTokens: 1_234_567,
  outputTokens: 89,
  costUsd: 0.0123456,
  models: new Map([
    ["one", { requests: 1, costUsd: 0, unpriced: 0 }],
    ["cheap", { requests: 1000, costUsd: 0.002, unpriced: 0 }],
    ["dear-model", { requests: 234, costUsd: 0.0103456, unpriced: 4 }],
  ]),
  activeSessions: 7,
  problem: "otlp: refused",
};

function recorder(terminal: Partial<Output> = {}) {
  const written: string[] = [];
  return { ...terminal, written, write: (text: string) => written.push(text) };
}

test("the summary says everything, dearest model first", () => {
  expect(summaryLines(snapshot)).toEqual([
    "  uptime      01:05",
    "  requests    1,234 finished, 3 under way, 56 retries",
    "  outcomes    success 1,200, error 20, aborted 10, abandoned 3, truncated 1",
    "  latency     p50 0.82 s, p95 2.10 s",
    "  first token p50 –",
    "  tokens      1,234,567 in, 89 out",
    "  cost        $0.012346",
    "              dear-model  $0.010346  234 requests, 4 of unknown price",
    "              cheap       $0.002000  1,000 requests",
    "              one         $0.000000  1 request",
    "  sessions    7 active",
    "  problem     otlp: refused",
  ]);
  expect(summaryLine(snapshot)).toBe(
    "01:05 | 1,234 finished | success 1,200, error 20, aborted 10, abandoned 3, truncated 1 | " +
      "p50 0.82 s, p95 2.10 s | first token – | 1,234,567 tokens in, 89 out | $0.012346 | 7 sessions",
  );
});

test("a cost that isn't known is not $0", () => {
  const models = new Map([["new-model", { requests: 2, costUsd: 0, unpriced: 2 }]]);
  const lines = summaryLines({ ...snapshot, costUsd: 0, models });
  expect(lines).toContain("  cost        unknown");
  expect(lines).toContain("              new-model  unknown  2 requests, 2 of unknown price");
});

test("the report says what was lost, or that nothing was", () => {
  const turns = { answered: 5, refused: 1, broken: 0, left: 2 };
  const nothing = { lost: { "langfuse:queue_full": 0 }, openOperations: 0, timedOut: false };
  expect(report({ snapshot, turns, shutdown: nothing })).toMatch(
    /visitors +answered 5, refused 1, broken 0, left 2\n +lost +nothing\n$/,
  );
  const some = { lost: { "langfuse:queue_full": 3 }, openOperations: 2, timedOut: true };
  expect(report({ snapshot, turns, shutdown: some })).toContain(
    "lost        langfuse:queue_full 3, 2 calls still under way, flushing took too long",
  );
});

test("a terminal is redrawn in place, and clipped to its size", () => {
  const output = recorder({ isTTY: true, columns: 6, rows: 3 });
  const screen = new Screen(output);
  screen.draw(["one", "a long line", "never seen"]);
  screen.draw(["two"]);
  screen.clear();
  expect(output.written).toEqual([
    "\u001b[2Kone\n\u001b[2Ka lon\n\u001b[0J",
    "\u001b[2A\u001b[2Ktwo\n\u001b[0J",
    "\u001b[1A\u001b[0J",
  ]);
});

test("the live summary redraws a terminal twice a second until it is stopped", () => {
  const output = recorder({ isTTY: true });
  const live = startLiveSummary(output, createStatistics(Date.now));
  vi.advanceTimersByTime(1000);
  expect(output.written).toHaveLength(3);
  expect(output.written.at(-1)).toContain("uptime      00:01");
  live.stop();
  vi.advanceTimersByTime(5000);
  expect(output.written).toHaveLength(4);
});

test("elsewhere it is a plain line every five seconds", () => {
  const output = recorder();
  const live = startLiveSummary(output, createStatistics(Date.now));
  vi.advanceTimersByTime(10_000);
  live.stop();
  vi.advanceTimersByTime(10_000);
  expect(output.written.map((line) => line.split(" | ")[0])).toEqual(["00:05", "00:10"]);
  expect(output.written.join("")).not.toContain("\u001b");
});

const provider = {
  kind: "simulated" as const,
  baseUrl: "http://127.0.0.1:2/v1",
  apiKey: "secret-key",
  models: [{ model: "gpt-4o-mini", share: 1 }],
  maxTokens: 1,
  ratePerSecond: 5,
  close: async () => {},
};
const base = { serviceUrl: "http://127.0.0.1:1", ratePerSecond: 5, provider, environment: {} };

test("the introduction says where everything is", () => {
  const status = { state: "listening" as const, url: "http://127.0.0.1:9464" };
  const text = introduction({ ...base, status });
  expect(text).toContain("metrics     http://127.0.0.1:9464/metrics\n");
  expect(text).toContain("health      http://127.0.0.1:9464/healthz\n");
  expect(text).toContain("http://127.0.0.1:2/v1 (simulated");
  expect(text).toContain("curl -N http://127.0.0.1:1/chat");
  expect(text).toContain("not sent (OTEL_EXPORTER_OTLP_ENDPOINT)");
});

test("a taken port is said with what to do, and no secret is printed", () => {
  const error = "port 9464 is taken";
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://user:secret@localhost:4318/",
    LANGFUSE_PUBLIC_KEY: "pk",
    LANGFUSE_SECRET_KEY: "sk-secret",
  };
  const real = { ...provider, kind: "real" as const };
  const status = { state: "failed" as const, error };
  const text = introduction({ ...base, status, environment, provider: real });
  expect(text).toContain(error);
  expect(text).toContain("--port 0");
  expect(text).not.toContain("curl -s");
  expect(text).toContain("sent to http://localhost:4318\n");
  expect(text).toContain("costs money");
  expect(text).not.toContain("secret");
});
