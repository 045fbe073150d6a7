import { describe, expect, it } from "vitest";
import { fieldsOf, isText, isWholeNumber, listOf, recordOf, trimmedText, when } from "./check.ts";

const text = when(isText);
const refusedAt = (...path: string[]) => ({ refused: { path } });

describe("a whole number", () => {
  it.each([0, 5, 9])("%d is taken", (value) => {
    expect(when(isWholeNumber(0, 9))(value)).toEqual({ value });
  });

  it.each([-1, 10, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "5", 5n, null])(
    "%s is refused",
    (value) => {
      expect(when(isWholeNumber(0, 9))(value)).toEqual(refusedAt());
    },
  );
});

it("white space around a text is not part of it, nor does it make one", () => {
  const check = trimmedText((value) => value !== "");
  expect(check(" a b\n")).toEqual({ value: "a b" });
  expect(check(" \n")).toEqual(refusedAt());
  expect(check(5)).toEqual(refusedAt());
});

it("a list is copied, and refused for one bad item", () => {
  const given = ["a", "b"];
  const checked = listOf(text)(given);
  given.push("c");
  expect(checked).toEqual({ value: ["a", "b"] });
  expect(listOf(text)(["a", 1])).toEqual(refusedAt());
  expect(listOf(text)("a")).toEqual(refusedAt());
});

describe("a record", () => {
  const check = recordOf((name) => name !== "", text);

  it("is copied, so that changing the original changes no option", () => {
    const given = { a: "1" };
    const checked = check(given);
    given.a = "2";
    expect(checked).toEqual({ value: { a: "1" } });
  });

  it("is refused at the first bad value or name", () => {
    expect(check({ a: "1", b: 2, c: 3 })).toEqual(refusedAt("b"));
    expect(check({ "": "1" })).toEqual(refusedAt(""));
  });

  it.each([null, "text", [["a", "1"]], 5])("%j is none", (value) => {
    expect(check(value)).toEqual(refusedAt());
  });

  it("keeps a name that objects have of their own", () => {
    expect(check(JSON.parse('{"__proto__":"1"}'))).toEqual({
      value: Object.fromEntries([["__proto__", "1"]]),
    });
  });
});

describe("fields", () => {
  const check = recordOf(() => true, fieldsOf({ required: ["a"], optional: ["b"] }, text));

  it("may lack those that are optional; undefined is none", () => {
    expect(check({ x: { a: "1" }, y: { a: "1", b: undefined } })).toEqual({
      value: { x: { a: "1" }, y: { a: "1" } },
    });
  });

  it("are refused at the place that is bad, missing or unknown", () => {
    expect(check({ x: { a: 1 } })).toEqual(refusedAt("x", "a"));
    expect(check({ x: { b: "1" } })).toEqual(refusedAt("x", "a"));
    expect(check({ x: { a: "1", c: "1" } })).toEqual({
      refused: { path: ["x", "c"], isUnknownField: true },
    });
    expect(check({ x: null })).toEqual(refusedAt("x"));
  });
});
