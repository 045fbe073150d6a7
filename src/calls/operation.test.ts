import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainCall } from "../../test/support/llm-events.ts";
import type { LlmCallData, LlmTerminalData } from "../events/index.ts";
import { Operation, type Ending } from "./operation.ts";

const SUCCESS: Ending = { outcome: "success" };

function operate(call: Partial<LlmCallData> = {}) {
  const clock = { nowMs: 1_000 };
  const ends: { data: LlmTerminalData }[] = [];
  const operation = new Operation({ ...plainCall, ...call }, clock.nowMs, {
    now: () => clock.nowMs,
    enclosure: { run: (fn) => fn(), close: () => {} },
    onEnd: (_operation, data) => ends.push({ data }),
  });
  const after = (ms: number) => {
    clock.nowMs += ms;
    return operation;
  };
  const end = () => {
    const [only] = ends;
    if (only === undefined || ends.length !== 1) throw new Error(`${ends.length} ends`);
    return only;
  };
  return { operation, after, ends, end };
}

describe("times", () => {
  it("are taken from the first attempt to the end, for each attempt, and to the first content", () => {
    const { after, end } = operate({ stream: true });
    after(0).attemptSent();
    after(20).attemptAnswered(429);
    after(480).attemptSent();
    after(100).attemptAnswered(200);
    after(50).progressed(0);
    after(50).progressed(2);
    after(300).progressed(3);
    after(5).end(SUCCESS);
    expect(end().data).toEqual({
      ...plainCall,
      stream: true,
      outcome: "success",
      durationMs: 1_005,
      headersMs: 100,
      backoffMs: 480,
      timeToFirstTokenMs: 200,
      outputChunks: {
        count: 3,
        generationMs: 300,
        gapCounts: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      },
      attempts: [
        { result: "429", durationMs: 20 },
        { result: "ok", durationMs: 100 },
      ],
      httpStatus: 200,
      finishReasons: [],
      toolCallsCount: 0,
    });
  });

  it("have no first token where nothing was streamed", () => {
    const { operation, after, end } = operate({ stream: false });
    operation.attemptSent();
    operation.attemptAnswered(200);
    after(10).progressed(1);
    operation.end(SUCCESS);
    expect(end().data).toHaveProperty("timeToFirstTokenMs", undefined);
    expect(end().data).toHaveProperty("outputChunks", undefined);
  });

  it("do not take the first token of an attempt that was repeated", () => {
    const { operation, after, end } = operate({ stream: true });
    operation.attemptSent();
    operation.attemptAnswered(200);
    after(10).progressed(1);
    operation.attemptSent();
    operation.attemptAnswered(200);
    operation.end(SUCCESS);
    expect(end().data).toHaveProperty("timeToFirstTokenMs", undefined);
    expect(end().data).toHaveProperty("outputChunks", undefined);
  });
});

describe("attempts", () => {
  it("that got no headers have the error's name, and take the status of an earlier one away", () => {
    const { operation, after, end } = operate();
    operation.attemptSent();
    after(5).attemptAnswered(500);
    operation.attemptSent();
    after(7).attemptFailed("ECONNREFUSED");
    operation.end({ outcome: "error", errorType: "ECONNREFUSED" });
    expect(end().data.attempts).toEqual([
      { result: "500", durationMs: 5 },
      { result: "ECONNREFUSED", durationMs: 7 },
    ]);
    expect(end().data).toHaveProperty("httpStatus", undefined);
  });

  it.each([
    [199, "199"],
    [200, "ok"],
    [299, "ok"],
    [300, "300"],
  ])("answered with %i are counted as %s", (status, result) => {
    const { operation, end } = operate();
    operation.attemptSent();
    operation.attemptAnswered(status);
    operation.end(SUCCESS);
    expect(end().data.attempts.map((attempt) => attempt.result)).toEqual([result]);
  });

  it("are kept up to a bound", () => {
    const { operation, end } = operate();
    for (let count = 0; count < 1_000; count += 1) {
      operation.attemptSent();
      operation.attemptFailed("ECONNRESET");
    }
    operation.end({ outcome: "error", errorType: "ECONNRESET" });
    expect(end().data.attempts).toHaveLength(64);
  });
});

describe("idleness", () => {
  it("begins when headers are here, and starts again with each read", () => {
    const { operation, after } = operate();
    operation.attemptSent();
    expect(after(1_000).isIdle(100)).toBe(false);
    operation.attemptAnswered(200);
    expect(after(99).isIdle(100)).toBe(false);
    operation.progressed(0);
    expect(after(99).isIdle(100)).toBe(false);
    expect(after(1).isIdle(100)).toBe(true);
    operation.end(SUCCESS);
    expect(after(1_000).isIdle(100)).toBe(false);
  });
});

describe("an answer that is abandoned", () => {
  it.each<[number, Ending]>([
    [200, { outcome: "abandoned", errorType: "idle" }],
    [503, { outcome: "error", errorType: "503" }],
  ])("with status %i ends as what is known of it", (status, ending) => {
    const { operation, end } = operate();
    operation.attemptSent();
    operation.attemptAnswered(status);
    operation.abandon("idle");
    expect(end().data).toMatchObject(ending);
  });

  it("is not what an attempt before it was", () => {
    const { operation, end } = operate();
    operation.attemptSent();
    operation.attemptRefused(503);
    operation.attemptSent();
    operation.abandon("shutdown");
    expect(end().data).toMatchObject({ outcome: "abandoned", errorType: "shutdown" });
  });
});

it("runs a function in its enclosure and gives its result back", () => {
  expect(operate().operation.run(() => 7)).toBe(7);
});

const step = fc.oneof(
  fc.constant((o: Operation) => o.attemptSent()),
  fc.integer({ min: 100, max: 599 }).map((status) => (o: Operation) => o.attemptAnswered(status)),
  fc.constant((o: Operation) => o.attemptFailed("ECONNRESET")),
  fc.nat(9).map((chunks) => (o: Operation) => o.progressed(chunks)),
  fc.constant((o: Operation) => void o.isIdle(0)),
  fc.constant((o: Operation) => o.end(SUCCESS)),
  fc
    .constantFrom("error" as const, "aborted" as const, "abandoned" as const, "truncated" as const)
    .map((outcome) => (o: Operation) => o.end({ outcome, errorType: "x" })),
);

it("ends exactly once, whatever is told to it in whichever order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(step, fc.nat(1_000)), { maxLength: 40 }),
      fc.boolean(),
      (steps, stream) => {
        const { operation, after, ends, end } = operate({ stream });
        for (const [run, ms] of steps) {
          const endedBefore = operation.ended;
          const told = ends[0] && JSON.stringify(ends[0].data);
          run(after(ms));
          expect(operation.ended || !endedBefore).toBe(true);
          const tells = ends[0] && JSON.stringify(ends[0].data);
          expect(tells, "the end that was told stays as it was").toBe(told ?? tells);
        }
        operation.end(SUCCESS);
        const { data } = end();
        expect(data.durationMs).toBeGreaterThanOrEqual(0);
        const inAttempts = data.attempts.reduce((sum, { durationMs }) => sum + durationMs, 0);
        expect(inAttempts).toBeLessThanOrEqual(data.durationMs);
        const { timeToFirstTokenMs = 0, outputChunks } = data;
        const read = timeToFirstTokenMs + (outputChunks?.generationMs ?? 0);
        expect(read).toBeLessThanOrEqual(data.durationMs);
      },
    ),
  );
});

describe("an attempt that lapsed", () => {
  const REFUSED: Ending = { outcome: "error", errorType: "429" };

  function lapsed() {
    const operated = operate();
    operated.after(0).attemptSent();
    operated.after(20).attemptAnswered(429);
    operated.after(5).lapse(REFUSED);
    return operated;
  }

  it("is the end, as of then, when nobody has tried again", () => {
    const { operation, after, ends, end } = lapsed();
    after(1_000);
    expect(ends).toEqual([]);
    operation.expire(1);
    operation.expire(1);
    expect(end()).toMatchObject({
      data: { ...REFUSED, durationMs: 25, httpStatus: 429, headersMs: 20 },
    });
  });

  it("is the end whoever ends it, for whatever reason", () => {
    const { after, end } = lapsed();
    after(1_000).end({ outcome: "abandoned", errorType: "shutdown" });
    expect(end()).toMatchObject({ data: { ...REFUSED, durationMs: 25 } });
  });

  it("is one of several when somebody has tried again", () => {
    const { operation, after, end } = lapsed();
    after(500).attemptSent();
    operation.expire(1);
    after(100).attemptAnswered(200);
    operation.expire(1);
    after(50).end(SUCCESS);
    expect(end()).toMatchObject({
      data: { ...SUCCESS, durationMs: 675, backoffMs: 500, headersMs: 100 },
    });
  });
});
