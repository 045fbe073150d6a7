import { spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough, Writable } from "node:stream";
import { expect, it, vi } from "vitest";
import { poll } from "../../../test/support/poll.ts";
import { completed, plainAnswer } from "../../../test/support/llm-events.ts";
import { createDiagnostics } from "../../diagnostics/index.ts";
import { createJsonLog } from "./create-json-log.ts";
import { standardStream } from "./standard-stream.ts";

function reporting() {
  const report = { lost: 0, writes: 0, errors: [] as unknown[] };
  return {
    ...report,
    counts: report,
    written: () => void (report.writes += 1),
    failed: (lines: number, error: unknown) => {
      report.lost += lines;
      report.errors.push(error);
    },
  };
}

it("passes every line on", async () => {
  const target = new PassThrough({ encoding: "utf8" });
  const report = reporting();
  const stream = standardStream(target, report);
  stream.write("one\n");
  stream.write("two\n");
  await poll("both lines", () => report.counts.writes === 2);
  expect(target.read()).toBe("one\ntwo\n");
  expect(target.listenerCount("error")).toBe(0);
});

it("loses and reports lines once their reader has gone, and ends nobody's program", async () => {
  const reader = spawn("sh", ["-c", "exec <&-; echo closed; exec sleep 30"]);
  await once(reader.stdout, "data");
  const report = reporting();
  const stream = standardStream(reader.stdin, report);
  for (const line of ["one\n", "two\n", "three\n"]) {
    stream.write(line);
    await new Promise(setImmediate);
  }
  await poll("three losses", () => report.counts.lost === 3);
  expect(report.counts.errors[0]).toMatchObject({ code: "EPIPE" });
  expect(stream.destroyed).toBe(false);
  reader.kill();
});

it("leaves an error listener of the program its event", async () => {
  const seen: unknown[] = [];
  const error = new Error("mine");
  const target = new Writable({ write: (_line, _encoding, done) => done(error) });
  target.on("error", (event) => seen.push(event));
  const report = reporting();
  standardStream(target, report).write("one\n");
  await poll("the event", () => seen.length > 0);
  expect(seen).toEqual([error]);
  expect(report.counts.lost).toBe(1);
});

it("does not wait for a `write` that never calls back", async () => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  try {
    const log = createJsonLog({
      destination: "stdout",
      maxSizeBytes: 1,
      maxFiles: 1,
      diagnostics: createDiagnostics({ write: () => {} }),
    });
    for (let count = 0; count < 100; count += 1) log.handle(completed(plainAnswer));
    await log.shutdown?.();
    const lines = write.mock.calls.filter(([line]) =>
      String(line).includes("llm_request_completed"),
    );
    expect(lines).toHaveLength(100);
  } finally {
    write.mockRestore();
  }
});
