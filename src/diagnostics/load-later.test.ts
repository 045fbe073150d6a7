import { expect, it, vi } from "vitest";
import { createDiagnostics } from "./diagnostics.ts";
import { loadLater } from "./load-later.ts";

it("loads when it is asked for, once", async () => {
  const load = vi.fn(async () => ({ part: 1 }));
  const get = loadLater("log", load, createDiagnostics());
  expect(load).not.toHaveBeenCalled();
  const [first, second] = await Promise.all([get(), get()]);
  expect(first).toBe(second);
  expect(load).toHaveBeenCalledTimes(1);
});

it("reports a failure once, and gives it to everybody who asks", async () => {
  const lines: string[] = [];
  const diagnostics = createDiagnostics({ write: (line) => lines.push(line) });
  const missing = new Error("Cannot find package 'winston'");
  const get = loadLater("log", () => Promise.reject(missing), diagnostics);
  await expect(get()).rejects.toBe(missing);
  await expect(get()).rejects.toBe(missing);
  expect(lines).toEqual([
    "[rlm-obs] log: a part of it could not be loaded: Cannot find package 'winston'",
  ]);
});
