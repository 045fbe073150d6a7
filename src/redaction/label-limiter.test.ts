import { describe, expect, it } from "vitest";
import { LabelLimiter } from "./label-limiter.ts";

describe("label limiter", () => {
  it("admits values up to the limit of each label, and remembers them", () => {
    const limiter = new LabelLimiter(["provider", "model"], 2);
    expect(limiter.admit(["a", "m1"])).toEqual(["a", "m1"]);
    expect(limiter.admit(["a", "m2"])).toEqual(["a", "m2"]);
    expect(limiter.admit(["a", "m3"])).toEqual(["a", "other"]);
    expect(limiter.admit(["a", "m1"])).toEqual(["a", "m1"]);
    expect(limiter.overflowed).toBe(1);
  });

  it("takes no value that is longer than 128 bytes in UTF-8", () => {
    const limiter = new LabelLimiter(["model"], 10);
    expect(limiter.admit(["m".repeat(128)])).toEqual(["m".repeat(128)]);
    expect(limiter.admit(["m".repeat(129)])).toEqual(["other"]);
    expect(limiter.admit(["ä".repeat(65)])).toEqual(["other"]);
    expect(limiter.overflowed).toBe(2);
  });
});
