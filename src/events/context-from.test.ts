import { describe, expect, it, test } from "vitest";
import { contextFrom, idFrom, metadataFrom } from "./context-from.ts";

describe("a context", () => {
  it("is what was given where that is one", () => {
    const context = {
      sessionId: "s",
      userId: "u",
      tags: ["a"],
      metadata: { text: "", number: 0, flag: false },
    };
    expect(contextFrom(context)).toEqual(context);
  });

  it("has nothing in it that is not of a context", () => {
    const given = {
      sessionId: "",
      userId: 42,
      tags: ["a", 7, null],
      metadata: { plan: "pro", since: new Date(0), n: Number.NaN, big: 1n, nested: { a: 1 } },
      password: "secret",
    };
    expect(contextFrom(given as never)).toEqual({
      userId: "42",
      tags: ["a"],
      metadata: { plan: "pro" },
    });
  });

  it("has no metadata where that can't be read, and what else there is", () => {
    const unreadable = {
      get plan(): string {
        throw new Error("secret");
      },
    };
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("secret");
        },
      },
    );
    for (const metadata of [unreadable, proxy]) {
      expect(contextFrom({ sessionId: "s", metadata })).toEqual({ sessionId: "s" });
    }
  });

  it("is bounded, and has no control characters", () => {
    const names = Array.from({ length: 100 }, (_, index) => `n${index}`);
    const given = {
      sessionId: "s\n".repeat(200),
      tags: ["\0", "x".repeat(300), ...names],
      metadata: {
        ["k".repeat(300)]: "v\t".repeat(1_000),
        ...Object.fromEntries(names.map((name) => [name, 1])),
      },
    };
    const { sessionId, tags, metadata } = contextFrom(given);
    expect(sessionId).toMatch(/^(s\uFFFD)+s~[0-9a-f]{16}$/);
    expect(sessionId).toHaveLength(200);
    expect(tags).toEqual(["\uFFFD", "x".repeat(200), ...names.slice(0, 62)]);
    expect(Object.entries(metadata ?? {})).toEqual([
      ["k".repeat(200), "v\uFFFD".repeat(500)],
      ...names.slice(0, 63).map((name) => [name, 1]),
    ]);
  });

  test.each([
    undefined,
    null,
    7,
    "text",
    { tags: "text", metadata: ["x"] },
    { tags: [], metadata: {} },
  ])("is empty for %j", (given) => expect(contextFrom(given as never)).toEqual({}));
});

test("metadata has no prototype of somebody else's choice", () => {
  const metadata = metadataFrom(JSON.parse('{"__proto__":"x","a":1}'));
  expect(Object.getOwnPropertyNames(metadata)).toEqual(["a"]);
});

test.each([
  ["s", "s"],
  [7, "7"],
  [7n, "7"],
  [0.5, undefined],
  [{}, undefined],
  [Symbol("s"), undefined],
])("the id of %s is %s", (given, id) => expect(idFrom(given)).toBe(id));
