import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import winston from "winston";
import { createDiagnostics } from "../../diagnostics/index.ts";
import { createLineWriter } from "./line-writer.ts";
import type { LineWriter } from "./winston-writer.ts";

let stream: PassThrough;
let problems: string[];
let writer: LineWriter;

beforeEach(() => {
  stream = new PassThrough();
  problems = [];
  const diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
  writer = createLineWriter(stream, diagnostics);
});

afterEach(() => {
  vi.doUnmock("./winston-writer.ts");
  vi.restoreAllMocks();
});

/** All that was written, once everything is closed. */
async function written(): Promise<string> {
  await writer.close();
  stream.end();
  return text(stream);
}

it("a line is on its way at once, winston or not", () => {
  writer.write("info", "first");
  expect(String(stream.read())).toBe("first\n");
});

it("lines are in order, before and after winston is there", async () => {
  const createLogger = vi.spyOn(winston, "createLogger");
  writer.write("info", "1");
  writer.write("warn", "2");
  await vi.waitFor(() => expect(createLogger).toHaveBeenCalled());
  writer.write("warn", "3");
  writer.write("info", "4");
  expect(await written()).toBe("1\n2\n3\n4\n");
  expect(problems).toEqual([]);
});

it("lines are written without winston where that can't be loaded, and it is said once", async () => {
  vi.doMock("./winston-writer.ts", () => {
    throw new Error("no such package");
  });
  writer.write("info", "1");
  await vi.waitFor(() => expect(problems).toHaveLength(1));
  writer.write("info", "2");
  expect(await written()).toBe("1\n2\n");
  expect(problems[0]).toContain("[rlm-obs] log: a part of it could not be loaded");
});

it("nothing was written: nothing is loaded, and closing is harmless", async () => {
  expect(await written()).toBe("");
});
