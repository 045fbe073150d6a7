import { beforeEach, describe, expect, it } from "vitest";
import { plainCall } from "../../test/support/llm-events.ts";
import { Operation } from "../calls/index.ts";
import type { CallContext } from "../events/index.ts";
import { type NumberedAttempt, numberedAttempt, RetryLedger } from "./retry-ledger.ts";

const URL = "https://api.openai.com/v1/chat/completions";
const CONTEXT: CallContext = { sessionId: "session-1" };

let nowMs: number;
let ledger: RetryLedger;

beforeEach(() => {
  nowMs = 0;
  ledger = new RetryLedger(() => nowMs);
});

function attempt(retryCount: number, more: Partial<NumberedAttempt> = {}): NumberedAttempt {
  return { retryCount, url: URL, body: '{"model":"gpt-4o"}', context: CONTEXT, ...more };
}

function operation(): Operation {
  return new Operation(plainCall, 0, {
    now: () => nowMs,
    enclosure: { run: (fn) => fn(), close: () => {} },
    onEnd: () => {},
  });
}

describe("an attempt", () => {
  it.each<[string, NonNullable<RequestInit["headers"]>]>([
    ["headers", new Headers({ "X-Stainless-Retry-Count": "2" })],
    ["an object", { "X-Stainless-Retry-Count": "2" }],
    ["a list", [["x-stainless-retry-count", "2"]]],
  ])("is numbered by its SDK, in %s", (_what, headers) => {
    expect(numberedAttempt(URL, { headers, body: "{}" }, CONTEXT)).toEqual({
      retryCount: 2,
      url: URL,
      body: "{}",
      context: CONTEXT,
    });
  });

  it.each<[string, RequestInit | undefined]>([
    ["nothing", undefined],
    ["no number", { body: "{}", headers: {} }],
    ["a number that is none", { body: "{}", headers: { "x-stainless-retry-count": "two" } }],
    ["a form", { body: new FormData(), headers: { "x-stainless-retry-count": "1" } }],
  ])("with %s can't be told from a new call", (_what, init) => {
    expect(numberedAttempt(URL, init, CONTEXT)).toBeUndefined();
  });
});

describe("a retry", () => {
  it("belongs to the operation whose attempt before failed, once", () => {
    const first = operation();
    ledger.expect(attempt(0), first, 1000);
    expect(ledger.take(attempt(1))).toBe(first);
    expect(ledger.take(attempt(1))).toBeUndefined();
  });

  it.each<[string, NumberedAttempt]>([
    ["the first attempt of another request", attempt(0)],
    ["a later attempt", attempt(2)],
    ["another body", attempt(1, { body: "{}" })],
    ["another address", attempt(1, { url: "https://api.groq.com/openai/v1/chat/completions" })],
    ["another session", attempt(1, { context: { sessionId: "session-1" } })],
  ])("is not %s", (_what, other) => {
    ledger.expect(attempt(0), operation(), 1000);
    expect(ledger.take(other)).toBeUndefined();
    expect(ledger.size).toBe(1);
  });

  it("comes in time, or not at all", () => {
    ledger.expect(attempt(0), operation(), 1000);
    nowMs = 1000;
    expect(ledger.take(attempt(1))).toBeUndefined();
    expect(ledger.size).toBe(0);
  });

  it("is none of an operation that has ended", () => {
    const ended = operation();
    ledger.expect(attempt(0), ended, 1000);
    ended.end({ outcome: "error", errorType: "429" });
    expect(ledger.take(attempt(1))).toBeUndefined();
  });

  it("is expected of a bounded number of operations, the latest", () => {
    const all = Array.from({ length: 300 }, operation);
    for (const [index, each] of all.entries()) {
      ledger.expect(attempt(0, { body: String(index) }), each, 1000);
    }
    expect(ledger.size).toBe(256);
    expect(ledger.take(attempt(1, { body: "43" }))).toBeUndefined();
    expect(ledger.take(attempt(1, { body: "44" }))).toBe(all[44]);
  });
});
