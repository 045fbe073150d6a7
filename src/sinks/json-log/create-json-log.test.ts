import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { completed, failed, fullAnswer, plainAnswer } from "../../../test/support/llm-events.ts";
import { poll } from "../../../test/support/poll.ts";
import { runProcess } from "../../../test/support/run-process.ts";
import { createDiagnostics } from "../../diagnostics/index.ts";
import { createEvent, type TerminalEvent } from "../../events/index.ts";
import { createJsonLog, type JsonLogOptions } from "./create-json-log.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rlm-json-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function create(options: Partial<JsonLogOptions> = {}) {
  const problems: string[] = [];
  const diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
  const destination = join(folder, "app.log");
  const log = createJsonLog({
    destination,
    maxSizeBytes: 1_000_000,
    maxFiles: 5,
    diagnostics,
    ...options,
  });
  const lost = () =>
    Object.fromEntries(
      [...diagnostics.counters.dropped.values()].map(({ reason, count }) => [reason, count]),
    );
  return { log, problems, lost, destination };
}

function readLines(path: string): Record<string, unknown>[] {
  const lines = readFileSync(path, "utf8").split("\n");
  expect(lines.pop()).toBe("");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** One operation each; `model` tells them apart. */
function handleMany(log: { handle(event: TerminalEvent): void }, count: number): string[] {
  const models = Array.from({ length: count }, (_, index) => `model ${index}`);
  for (const model of models) log.handle(completed({ ...plainAnswer, model }));
  return models;
}

describe("a line", () => {
  it("has every field of a finished operation, with trace and span", async () => {
    const { log, destination } = create();
    const event = createEvent("llm_request_completed", fullAnswer, 1_700_000_000_123.4, {
      sessionId: "session-1",
      correlationId: "correlation-1",
      traceId: "a".repeat(32),
      spanId: "b".repeat(16),
    });
    log.handle({ ...event, data: { ...event.data, durationMs: 2_500.12345 } });
    await log.shutdown?.();
    expect(readLines(destination)).toEqual([
      {
        level: "info",
        event: "llm_request_completed",
        timestamp: "2023-11-14T22:13:20.123Z",
        provider: "openai",
        model: "gpt-4o",
        operation: "chat",
        outcome: "success",
        http_status: 200,
        duration_ms: 2_500.123,
        time_to_first_token_ms: 400,
        attempts: 2,
        finish_reasons: ["stop", "length"],
        tokens: { prompt: 1_000, completion: 300, total: 1_300 },
        cost_usd: 0.0065,
        session_id: "session-1",
        user_id: "user-1",
        tags: ["beta", "eu"],
        metadata: { plan: "pro", seats: 3, trial: false },
        correlation_id: "correlation-1",
        trace_id: "a".repeat(32),
        span_id: "b".repeat(16),
      },
    ]);
  });

  it("of a failure is a warning with its error type, and has no field that is not known", async () => {
    const { log, destination } = create();
    log.handle(failed("aborted", "signal"));
    await log.shutdown?.();
    const [line] = readLines(destination);
    expect(line).toMatchObject({ level: "warn", outcome: "aborted", error_type: "signal" });
    for (const field of ["tokens", "cost_usd", "session_id", "trace_id", "user_id"]) {
      expect(line).not.toHaveProperty(field);
    }
  });

  it("is one line, whatever is in it", async () => {
    const { log, destination } = create();
    const model = 'a\nb\r\u2028"\\\u0000 %s %j é';
    log.handle(completed({ ...plainAnswer, model }));
    await log.shutdown?.();
    expect(readLines(destination).map((line) => line["model"])).toEqual([model]);
  });

  it("is not written for other events", async () => {
    const { log, destination } = create();
    log.handle(createEvent("system_started", { version: "1" }, 0) as never);
    handleMany(log, 1);
    await log.shutdown?.();
    expect(readLines(destination)).toHaveLength(1);
  });
});

describe("shutdown", () => {
  it("has written all lines, in order", async () => {
    const { log, destination, lost } = create({ maxSizeBytes: 1e9 });
    const models = handleMany(log, 20_000);
    await log.shutdown?.();
    expect(readLines(destination).map((line) => line["model"])).toEqual(models);
    expect(lost()).toEqual({});
    expect(log.health?.()).toEqual({ state: "ok" });
  });

  it("may be called twice, also at once; what comes later is counted as lost", async () => {
    const { log, destination, lost } = create();
    handleMany(log, 1);
    await Promise.all([log.shutdown?.(), log.shutdown?.()]);
    await log.shutdown?.();
    handleMany(log, 2);
    expect(readLines(destination)).toHaveLength(1);
    expect(lost()).toEqual({ closed: 2 });
  });

  it("without a line makes no file", async () => {
    const { log } = create();
    await log.shutdown?.();
    expect(readdirSync(folder)).toEqual([]);
    expect(log.health?.()).toEqual({ state: "unknown" });
  });
});

describe("rotation", () => {
  it("leaves what is no regular file in its place: a pipe, /dev/null", async () => {
    const pipe = join(folder, "app.log");
    expect(await runProcess("mkfifo", [pipe])).toMatchObject({ code: 0 });
    const reader = await open(pipe, "r+");
    const { log, lost } = create({ destination: pipe, maxSizeBytes: 1_000 });
    const models = handleMany(log, 20);
    await log.shutdown?.();
    const { buffer, bytesRead } = await reader.read(Buffer.alloc(60_000), 0, 60_000);
    await reader.close();
    expect(buffer.toString("utf8", 0, bytesRead).trimEnd().split("\n")).toHaveLength(models.length);
    expect(readdirSync(folder)).toEqual(["app.log"]);
    expect(lost()).toEqual({});
  });

  it("loses no line, and no file grows beyond its size", async () => {
    const { log, lost } = create({ maxSizeBytes: 2_000, maxFiles: 60 });
    const models = handleMany(log, 150);
    await poll("the first file", () => readdirSync(folder).length > 1);
    handleMany(log, 150);
    await log.shutdown?.();
    const files = readdirSync(folder).map((name) => join(folder, name));
    const seen = files.flatMap(readLines).map((line) => String(line["model"]));
    expect(seen.toSorted()).toEqual([...models, ...models].toSorted());
    for (const file of files) expect(statSync(file).size).toBeLessThanOrEqual(2_000);
    expect(lost()).toEqual({});
  });

  it("keeps the newest files, by number from new to old", async () => {
    const { log } = create({ maxSizeBytes: 1, maxFiles: 3 });
    handleMany(log, 10);
    await log.shutdown?.();
    const models = ["app.log", "app1.log", "app2.log"].map(
      (name) => readLines(join(folder, name))[0]?.["model"],
    );
    expect(models).toEqual(["model 9", "model 8", "model 7"]);
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it("with one file starts it anew", async () => {
    const { log, destination } = create({ maxSizeBytes: 1, maxFiles: 1 });
    handleMany(log, 3);
    await log.shutdown?.();
    expect(readLines(destination).map((line) => line["model"])).toEqual(["model 2"]);
    expect(readdirSync(folder)).toEqual(["app.log"]);
  });

  it("counts what an earlier run left in the file", async () => {
    for (const _run of [1, 2]) {
      const { log } = create({ maxSizeBytes: 300, maxFiles: 3 });
      handleMany(log, 1);
      await log.shutdown?.();
    }
    expect(readdirSync(folder).toSorted()).toEqual(["app.log", "app1.log"]);
  });
});

describe("what can't be written", () => {
  it.each<[string, () => string, string]>([
    ["a folder", () => folder, "EISDIR"],
    [
      "in a file",
      () => {
        writeFileSync(join(folder, "file"), "");
        return join(folder, "file", "app.log");
      },
      "(EEXIST|ENOTDIR)",
    ],
    ["on a full disk", () => "/dev/full", "ENOSPC"],
  ])("%s is counted line by line and reported once", async (_what, make, code) => {
    const { log, problems, lost } = create({ destination: make() });
    for (const _round of [1, 2, 3]) {
      handleMany(log, 2);
      await new Promise(setImmediate);
    }
    await log.shutdown?.();
    expect(lost()).toEqual({ write_failed: 6 });
    expect(problems).toHaveLength(1);
    expect(log.health?.()).toMatchObject({ state: "failing" });
    expect(log.health?.().lastError).toMatch(new RegExp(`\\(${code}\\); check RLM_LOG`));
  });

  it("is written again when it can be", async () => {
    const blocked = join(folder, "logs");
    writeFileSync(blocked, "");
    const { log, lost } = create({ destination: join(blocked, "app.log") });
    handleMany(log, 1);
    await poll("a failure", () => log.health?.().state === "failing");
    rmSync(blocked);
    mkdirSync(blocked);
    handleMany(log, 2);
    await log.shutdown?.();
    expect(readLines(join(blocked, "app.log"))).toHaveLength(2);
    expect(lost()).toEqual({ write_failed: 1 });
    expect(log.health?.()).toEqual({ state: "ok" });
  });
});

describe("a flush", () => {
  it("has the lines of before in the file, those that are still in winston too", async () => {
    let told = 0;
    const { log, destination } = create({ onWritten: (lines) => (told += lines) });
    const early = handleMany(log, 3);
    await log.forceFlush?.();
    const modelsIn = () => readLines(destination).map(({ model }) => model);
    expect(modelsIn()).toEqual(early);
    // by now winston is there
    const later = handleMany(log, 20);
    await Promise.all([log.forceFlush?.(), log.forceFlush?.()]);
    expect(modelsIn()).toEqual([...early, ...later]);
    await log.forceFlush?.();
    expect(told).toBe(23);
    await log.shutdown?.();
    await log.forceFlush?.();
    expect(told).toBe(23);
  });

  it("counts what can't be written, once", async () => {
    const { log, lost, problems } = create({ destination: join(folder, "missing\0") });
    handleMany(log, 3);
    await log.forceFlush?.();
    expect(lost()).toEqual({ write_failed: 3 });
    expect(problems).toHaveLength(1);
    await log.shutdown?.();
  });
});
