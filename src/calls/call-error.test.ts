import { describe, expect, it } from "vitest";
import { abortReason, endingOf, errorTypeOf } from "./call-error.ts";

class APIError extends Error {}
class APIConnectionTimeoutError extends APIError {}
class APIUserAbortError extends APIError {}

const networkError = Object.assign(new TypeError("fetch failed"), {
  cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
});

describe("error.type", () => {
  it.each<[string, unknown, string]>([
    [
      "an SDK's connection error by its name",
      new APIConnectionTimeoutError(),
      "APIConnectionTimeoutError",
    ],
    [
      "a provider's code",
      Object.assign(new APIError("x"), { code: "invalid_api_key", status: 401 }),
      "invalid_api_key",
    ],
    [
      "its type without a code",
      Object.assign(new APIError("x"), { code: null, type: "server_error", status: 500 }),
      "server_error",
    ],
    [
      "its type in the body alone",
      Object.assign(new APIError("x"), {
        status: 529,
        error: { type: "error", error: { type: "overloaded_error", message: "secret" } },
      }),
      "overloaded_error",
    ],
    ["the status without either", Object.assign(new APIError("x"), { status: 502 }), "502"],
    [
      "a code that is no word, left out",
      Object.assign(new APIError("x"), { code: "no such user: Ada", status: 400 }),
      "400",
    ],
    [
      "a code that is a number, left out",
      Object.assign(new APIError("x"), { code: 42, status: 400 }),
      "400",
    ],
    [
      "a status that is none, left out",
      Object.assign(new APIError("x"), { status: 12_345 }),
      "APIError",
    ],
    ["a network error by its cause", networkError, "ECONNREFUSED"],
    ["the class otherwise", new RangeError("secret"), "RangeError"],
    [
      "a class with an odd name, left out",
      Object.assign(new Error("x"), { name: "My secret prompt" }),
      "_OTHER",
    ],
    ["a string", "secret prompt", "_OTHER"],
    ["nothing", undefined, "_OTHER"],
    ["null", null, "_OTHER"],
  ])("is %s", (_what, error, expected) => {
    expect(errorTypeOf(error)).toBe(expected);
  });

  it("is _OTHER for an error whose fields throw when they are read", () => {
    const hostile = new Proxy(new Error("x"), {
      get: () => {
        throw new Error("not yours");
      },
    });
    expect(errorTypeOf(hostile)).toBe("_OTHER");
    expect(endingOf(hostile)).toEqual({ outcome: "error", errorType: "_OTHER" });
  });
});

describe("an end", () => {
  it.each<[string, unknown, string]>([
    ["fetch's AbortError", new DOMException("x", "AbortError"), "signal"],
    ["an SDK's abort", new APIUserAbortError(), "signal"],
    ["AbortSignal.timeout()", new DOMException("x", "TimeoutError"), "timeout"],
  ])("by %s is aborted", (_what, error, errorType) => {
    expect(endingOf(error)).toEqual({ outcome: "aborted", errorType });
  });

  it("by AbortSignal.timeout() through an SDK, which has one error for both, is a time-out", () => {
    const signal = AbortSignal.abort(new DOMException("x", "TimeoutError"));
    expect(abortReason(new APIUserAbortError(), signal)).toBe("timeout");
  });

  it("by the reason that the caller gave its signal is aborted", () => {
    const reason = new RangeError("mine");
    expect(endingOf(reason, AbortSignal.abort(reason))).toEqual({
      outcome: "aborted",
      errorType: "signal",
    });
  });

  it("by another error is none, though the signal has fired", () => {
    expect(abortReason(new RangeError("x"), AbortSignal.abort("mine"))).toBeUndefined();
    expect(abortReason(undefined, new AbortController().signal)).toBeUndefined();
  });

  it("by an SDK's own time-out is an error", () => {
    expect(endingOf(new APIConnectionTimeoutError())).toEqual({
      outcome: "error",
      errorType: "APIConnectionTimeoutError",
    });
  });
});
