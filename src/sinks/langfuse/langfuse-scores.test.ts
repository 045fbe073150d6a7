import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refusingUrl, startOtlpSink } from "../../../test/support/otlp-sink.ts";
import { createDiagnostics, type Diagnostics } from "../../diagnostics/index.ts";
import { createLangfuseScores } from "./langfuse-scores.ts";

const keys = { publicKey: "pk-test", secretKey: "sk-test" };
const score = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  observationId: "b7ad6b7169203331",
  name: "user-feedback",
  value: 1,
  comment: "good",
};

let lines: string[];
let diagnostics: Diagnostics;

beforeEach(() => {
  lines = [];
  diagnostics = createDiagnostics({ write: (line) => lines.push(line) });
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function losses(): Record<string, number> {
  const { dropped } = diagnostics.counters;
  return Object.fromEntries([...dropped.values()].map(({ reason, count }) => [reason, count]));
}

test("scores reach Langfuse with the trace and span they are about, whatever it would sample", async () => {
  vi.stubEnv("LANGFUSE_SAMPLE_RATE", "0");
  await using sink = await startOtlpSink(keys);
  const scores = createLangfuseScores({
    ...keys,
    baseUrl: sink.url,
    environment: "Prod EU!",
    diagnostics,
  });

  for (let index = 0; index < 40; index++) await scores.score({ ...score, value: index });
  await scores.flush();

  expect(sink.scores).toHaveLength(40);
  const { id, ...first } = sink.scores[0] ?? {};
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(first).toEqual({ ...score, value: 0, environment: "prod-eu" });
  expect(diagnostics.counters.exported.get("langfuse-scores")).toBe(40);
  expect(losses()).toEqual({});
});

test("a Langfuse that refuses is counted and reported once, and prints nothing by itself", async () => {
  const printed = vi.spyOn(console, "error").mockImplementation(() => {});
  await using sink = await startOtlpSink({ publicKey: "pk-other" });
  const scores = createLangfuseScores({ ...keys, baseUrl: sink.url, diagnostics });

  await scores.score(score);
  await scores.flush();
  await scores.score(score);
  await scores.flush();

  expect(losses()).toEqual({ export_failed: 2 });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("LANGFUSE_SECRET_KEY");
  expect(printed).not.toHaveBeenCalled();
});

test("a Langfuse that hangs holds shutdown until its deadline, and what was lost is counted", async () => {
  await using sink = await startOtlpSink(keys);
  sink.mode = "hang";
  const scores = createLangfuseScores({ ...keys, baseUrl: sink.url, diagnostics });
  await scores.score(score);
  await scores.score(score);

  const started = performance.now();
  await Promise.all([scores.shutdown(50), scores.shutdown(50)]);

  expect(performance.now() - started).toBeLessThan(1_000);
  expect(losses()).toEqual({ shutdown_timeout: 2 });
});

test("without the package, the error says what to install", async () => {
  const scores = createLangfuseScores({
    ...keys,
    baseUrl: "http://127.0.0.1:1",
    diagnostics,
    load: () => Promise.reject(new Error("Cannot find package 'langfuse'")),
  });

  const scoring = scores.score(score);

  await expect(scoring).rejects.toMatchObject({ code: "PEER_MISSING" });
  await expect(scoring).rejects.toThrow("npm install langfuse@3");
  await scores.shutdown();
});

test("after shutdown it takes no more", async () => {
  const scores = createLangfuseScores({ ...keys, baseUrl: await refusingUrl(), diagnostics });
  await scores.shutdown();

  await expect(scores.score(score)).rejects.toMatchObject({ code: "SHUT_DOWN" });
});
