import { expect, it } from "vitest";
import { CallStore } from "../calls/index.ts";
import { carryInto } from "./carry-into.ts";

const store = new CallStore();
const session = <T>(sessionId: string, fn: () => T): T =>
  store.withContext({ sessionId }, () => carryInto(fn(), () => store.capture()));

it("runs the body of an async generator where it was made, and its reader where that is", async () => {
  const seen: unknown[] = [];
  const generator = session("made", async function* () {
    try {
      seen.push(store.context.sessionId);
      yield 1;
      await new Promise(setImmediate);
      seen.push(store.context.sessionId);
      yield 2;
    } finally {
      seen.push(store.context.sessionId);
    }
  });
  await session("read", async () => {
    for await (const value of generator) {
      expect(store.context.sessionId).toBe("read");
      if (value === 2) break;
    }
  });
  expect(seen).toEqual(["made", "made", "made"]);
});

it("leaves everything else as it is", () => {
  const promise = Promise.resolve();
  const iterable = { [Symbol.asyncIterator]: () => promise };
  for (const value of [promise, iterable, new Response("x"), 7, null, undefined, "text"]) {
    expect(session("s", () => value)).toBe(value);
  }
  expect(Object.hasOwn(promise, "then")).toBe(false);
  expect(Reflect.ownKeys(iterable)).toEqual([Symbol.asyncIterator]);
});

it("lets a frozen one run where it is read", async () => {
  const generator = session("made", () =>
    Object.freeze(
      (async function* () {
        yield store.context.sessionId;
      })(),
    ),
  );
  expect(await generator.next()).toEqual({ done: false, value: undefined });
});
