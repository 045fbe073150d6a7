import { afterEach, expect, it, vi } from "vitest";
import { isCalledByCode } from "./called-by-code.ts";

afterEach(() => vi.restoreAllMocks());

function callee(): boolean {
  return isCalledByCode(callee);
}

it("what code calls is told, later as well", async () => {
  expect(callee()).toBe(true);
  expect(await Promise.resolve().then(() => callee())).toBe(true);
});

it("leaves what the application makes of stacks as it was, and isn't misled by it", () => {
  const { stackTraceLimit } = Error;
  const own = vi.fn(() => "mine");
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Error.prepareStackTrace = own;
  try {
    expect(callee()).toBe(true);
    expect([Error.prepareStackTrace, Error.stackTraceLimit]).toEqual([own, stackTraceLimit]);
    expect(own).not.toHaveBeenCalled();
  } finally {
    if (before) Object.defineProperty(Error, "prepareStackTrace", before);
    else Reflect.deleteProperty(Error, "prepareStackTrace");
  }
});

it("leaves nothing behind, and takes it for Node.js where that can't be told", () => {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  callee();
  expect(Object.getOwnPropertyDescriptor(Error, "prepareStackTrace")).toEqual(before);
  vi.spyOn(Error, "captureStackTrace").mockImplementation(() => {
    throw new TypeError("not here");
  });
  expect(callee()).toBe(false);
});
