import { describe, expect, it } from "vitest";
import { decodeEntry, encodeEntry, entriesOf, firstIdOf } from "./stream-entry.ts";

const envelope = { instance: "one", sequence: 12, event: '{"id":"1"}' };
const decode = (...fields: string[]) => decodeEntry({ id: "1-0", fields });

describe("an entry", () => {
  it("is what it was encoded from", () => {
    expect(decode(...encodeEntry(envelope))).toEqual(envelope);
  });

  it("may have further fields, in any order", () => {
    expect(decode("more", "x", "event", "{}", "seq", "1", "instance", "a", "v", "1")).toEqual({
      instance: "a",
      sequence: 1,
      event: "{}",
    });
  });

  it("of a later version is told apart from what is none", () => {
    expect(decode("v", "2")).toBe("unknown_version");
    expect(decode("instance", "a", "seq", "1", "event", "{}")).toBe("invalid_entry");
  });

  it.each([
    ["no fields", []],
    ["half a field", ["v"]],
    ["no instance", ["v", "1", "seq", "1", "event", "{}"]],
    ["an instance too long", ["v", "1", "instance", "x".repeat(101), "seq", "1", "event", "{}"]],
    ["no number", ["v", "1", "instance", "a", "seq", "one", "event", "{}"]],
    ["number 0", ["v", "1", "instance", "a", "seq", "0", "event", "{}"]],
    ["half a number", ["v", "1", "instance", "a", "seq", "1.5", "event", "{}"]],
    ["no event", ["v", "1", "instance", "a", "seq", "1"]],
  ])("with %s is invalid", (_what, fields) => {
    expect(decode(...fields)).toBe("invalid_entry");
  });
});

describe("an answer of Redis", () => {
  it("has the entries of the stream that was asked for", () => {
    const entries = [
      ["1-0", ["v", "1"]],
      ["2-0", []],
    ];
    expect(entriesOf([["key", entries]])).toEqual([
      { id: "1-0", fields: ["v", "1"] },
      { id: "2-0", fields: [] },
    ]);
    expect(firstIdOf(entries)).toBe("1-0");
  });

  it("may be that there is nothing", () => {
    expect(entriesOf(null)).toEqual([]);
    expect(firstIdOf([])).toBeUndefined();
  });

  it("may be none", () => {
    expect(entriesOf("OK")).toBeUndefined();
    expect(entriesOf([["key"]])).toBeUndefined();
    expect(firstIdOf("OK")).toBeUndefined();
  });
});
