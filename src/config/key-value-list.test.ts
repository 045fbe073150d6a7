import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseKeyValueList } from "./key-value-list.ts";

describe("parseKeyValueList", () => {
  it("gives back any record that was percent-encoded", () => {
    const names = fc.string({ unit: "grapheme", minLength: 1 });
    fc.assert(
      fc.property(fc.dictionary(names, fc.string({ unit: "grapheme" })), (record) => {
        const list = Object.entries(record)
          .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
          .join(",");
        expect(parseKeyValueList(list)).toEqual({ ...record });
      }),
    );
  });

  it("keeps equals signs of the value, and leaves out white space and empty members", () => {
    expect(parseKeyValueList(" a = b=c ,, d=")).toEqual({ a: "b=c", d: "" });
  });

  it.each(["novalue", "=b", "a=%", "a=1,b"])("refuses %j as a whole", (list) => {
    expect(parseKeyValueList(list)).toBeUndefined();
  });
});
