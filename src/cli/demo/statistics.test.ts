import { expect, test } from "vitest";
import { createEvent, type LlmFailedData, type LlmTerminalData } from "../../events/index.ts";
import { RecentValues } from "./recent-values.ts";
import { createStatistics } from "./statistics.ts";

const call: LlmTerminalData = {
  provider: "openai",
  model: "gpt-4o",
  operation: "chat",
  wireFormat: "openai.chat_completions",
  stream: false,
  messagesCount: 1,
  toolsCount: 0,
  serverAddress: "127.0.0.1",
  serverPort: 1,
  parameters: {},
  context: {},
  outcome: "success",
  durationMs: 100,
  attempts: [{ result: "ok", durationMs: 100 }],
  finishReasons: ["stop"],
  toolCallsCount: 0,
};

const started = () => createEvent("llm_request_started", call, 0);
const completed = (data: Partial<LlmTerminalData> = {}) =>
  createEvent("llm_request_completed", { ...call, ...data, outcome: "success" }, 0);
const failed = (data: Partial<LlmFailedData>) =>
  createEvent("llm_request_failed", { ...call, outcome: "error", errorType: "500", ...data }, 0);
const cost = (totalUsd: number) => ({
  totalUsd,
  inputUsd: totalUsd,
  outputUsd: 0,
  source: "table" as const,
});

test("sums up operations by outcome and model", () => {
  let time = 1000;
  const statistics = createStatistics(() => time);
  for (let calls = 0; calls < 5; calls += 1) statistics.handle(started());
  expect(statistics.active).toBe(5);

  const usage = { inputTokens: 100, outputTokens: 10 };
  const limited = { result: "429", durationMs: 5 };
  statistics.handle(completed({ usage, cost: cost(0.5), attempts: [limited, ...call.attempts] }));
  statistics.handle(completed({ model: "unheard-of", usage, durationMs: 300 }));
  statistics.handle(failed({ outcome: "aborted", timeToFirstTokenMs: 40, durationMs: 200 }));
  statistics.handle(failed({ outcome: "truncated" }));
  time = 61_000;

  expect(statistics.snapshot()).toEqual({
    uptimeMs: 60_000,
    active: 1,
    finished: 4,
    outcomes: { success: 2, error: 0, aborted: 1, abandoned: 0, truncated: 1 },
    retries: 1,
    latencyP50Ms: 100,
    latencyP95Ms: 300,
    firstTokenP50Ms: 40,
    inputTokens: 200,
    outputTokens: 20,
    costUsd: 0.5,
    models: new Map([
      ["gpt-4o", { requests: 3, costUsd: 0.5, unpriced: 0 }],
      ["unheard-of", { requests: 1, costUsd: 0, unpriced: 1 }],
    ]),
    activeSessions: 0,
  });
});

test("counts open sessions and keeps the latest problem", () => {
  const statistics = createStatistics(() => 0);
  const end = { durationMs: 1, requests: 1, totalTokens: 1, costUsd: 0, reason: "ended" as const };
  statistics.handle(createEvent("session_started", {}, 0));
  statistics.handle(createEvent("session_started", {}, 0));
  statistics.handle(createEvent("session_ended", end, 0));
  statistics.handle(createEvent("system_error", { component: "otlp", message: "refused" }, 0));
  expect(statistics.snapshot()).toMatchObject({ activeSessions: 1, problem: "otlp: refused" });
});

test("a snapshot doesn't change afterwards", () => {
  const statistics = createStatistics(() => 0);
  statistics.handle(started());
  statistics.handle(completed());
  const snapshot = statistics.snapshot();
  const copy = structuredClone(snapshot);
  statistics.handle(started());
  statistics.handle(completed());
  expect(snapshot).toEqual(copy);
});

test("models are bounded", () => {
  const statistics = createStatistics(() => 0);
  for (let model = 0; model < 100; model += 1) {
    statistics.handle(started());
    statistics.handle(completed({ model: `model-${model}` }));
  }
  const { models } = statistics.snapshot();
  expect(models.size).toBe(13);
  expect(models.get("other")?.requests).toBe(88);
});

test("quantiles are those of the latest values", () => {
  const values = new RecentValues(4);
  expect(values.quantile(0.5)).toBeUndefined();
  values.add(9);
  expect([values.quantile(0), values.quantile(0.5), values.quantile(1)]).toEqual([9, 9, 9]);
  for (const value of [1, 2, 3, 4]) values.add(value);
  expect([0.25, 0.5, 0.95].map((fraction) => values.quantile(fraction))).toEqual([1, 2, 4]);
});
