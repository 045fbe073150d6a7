import { describe, expect, it, vi } from "vitest";
import { createDiagnostics } from "./diagnostics.ts";

describe("warnOnce", () => {
  it("writes the first problem of each component and key, and is silent on the next ones", () => {
    const lines: string[] = [];
    const diagnostics = createDiagnostics({ write: (line) => lines.push(line) });
    diagnostics.warnOnce("otlp", "refused", "connection refused");
    diagnostics.warnOnce("otlp", "refused", "connection refused again");
    diagnostics.warnOnce("otlp", "timeout", "no answer");
    diagnostics.warnOnce("langfuse", "refused", "connection refused");
    expect(lines).toEqual([
      "[rlm-obs] otlp: connection refused",
      "[rlm-obs] otlp: no answer",
      "[rlm-obs] langfuse: connection refused",
    ]);
  });

  it("remembers a bounded number of problems", () => {
    const write = vi.fn<(line: string) => void>();
    const diagnostics = createDiagnostics({ write });
    for (let key = 0; key < 10_000; key++) diagnostics.warnOnce("otlp", String(key), "failed");
    expect(write).toHaveBeenCalledTimes(200);
  });

  it("never throws, whatever becomes of a report", () => {
    const onProblem = vi.fn<() => void>(() => {
      throw new Error("subscriber");
    });
    const diagnostics = createDiagnostics({ write: () => {}, onProblem });
    expect(() => diagnostics.warnOnce("otlp", "refused", "connection refused")).not.toThrow();
    expect(onProblem).toHaveBeenCalledOnce();
  });

  it("reports what goes wrong with a report after it, once, and not for ever", () => {
    const lines: string[] = [];
    const diagnostics = createDiagnostics({
      write: (line) => lines.push(line),
      onProblem: (component) => {
        diagnostics.warnOnce("bus", "subscriber", `failed at a problem of ${component}`);
        lines.push(`${component} was told`);
      },
    });
    diagnostics.warnOnce("otlp", "refused", "connection refused");
    diagnostics.warnOnce("otlp", "timeout", "no answer");
    expect(lines).toEqual([
      "[rlm-obs] otlp: connection refused",
      "otlp was told",
      "[rlm-obs] bus: failed at a problem of otlp",
      "bus was told",
      "[rlm-obs] otlp: no answer",
      "otlp was told",
    ]);
  });

  it("ends with reports that each bring a new problem", () => {
    let problems = 0;
    const diagnostics = createDiagnostics({
      write: () => {},
      onProblem: () => diagnostics.warnOnce("bus", String((problems += 1)), "failed"),
    });
    diagnostics.warnOnce("otlp", "refused", "connection refused");
    expect(problems).toBe(200);
  });
});

describe("counters", () => {
  it("add up exactly, by destination and reason", () => {
    const { counters, ...diagnostics } = createDiagnostics({ write: () => {} });
    diagnostics.dropped("otlp", "queue_full", 2);
    diagnostics.dropped("otlp", "queue_full", 3);
    diagnostics.dropped("otlp", "refused", 1);
    diagnostics.exported("langfuse", 4);
    diagnostics.exported("langfuse", 1);
    diagnostics.handlerFailed("metrics");
    expect([...counters.dropped.values()]).toEqual([
      { destination: "otlp", reason: "queue_full", count: 5 },
      { destination: "otlp", reason: "refused", count: 1 },
    ]);
    expect([...counters.exported]).toEqual([["langfuse", 5]]);
    expect([...counters.handlerErrors]).toEqual([["metrics", 1]]);
  });

  it("have a bounded number of kinds of requests, the last of which are others", () => {
    const { counters, ...diagnostics } = createDiagnostics({ write: () => {} });
    for (let tenant = 0; tenant < 1100; tenant += 1) {
      diagnostics.unclassified(`tenant-${tenant}`, "files");
    }
    const kinds = [...counters.unclassified.values()];
    expect(kinds).toHaveLength(1001);
    expect(kinds.at(-1)).toEqual({ provider: "other", api: "files", count: 100 });
  });

  it("have a bounded number of handlers and losses, the last of which are others", () => {
    const { counters, ...diagnostics } = createDiagnostics({ write: () => {} });
    for (let index = 0; index < 1100; index += 1) {
      diagnostics.handlerFailed(`handler-${index}`);
      diagnostics.dropped(`handler-${index}`, "queue_full", 2);
    }
    diagnostics.handlerFailed("handler-0");
    expect(counters.handlerErrors.size).toBe(201);
    expect(counters.handlerErrors.get("handler-0")).toBe(2);
    expect(counters.handlerErrors.get("other")).toBe(900);
    expect(counters.dropped.size).toBe(1001);
    expect([...counters.dropped.values()].at(-1)).toEqual({
      destination: "other",
      reason: "queue_full",
      count: 200,
    });
  });
});
