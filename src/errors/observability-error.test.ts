import { describe, expect, it, vi } from "vitest";
import { isObservabilityError, ObservabilityError } from "./observability-error.ts";

describe("ObservabilityError", () => {
  it("carries its code and its cause", () => {
    const cause = new Error("taken");
    const error = new ObservabilityError("ASSET_MISSING", "no port", { cause });
    expect(error).toMatchObject({ code: "ASSET_MISSING", name: "ObservabilityError", cause });
    expect(error).toBeInstanceOf(Error);
  });

  it("shows its brand in no listing of its fields", () => {
    expect(Object.keys(new ObservabilityError("SHUT_DOWN", "late"))).toEqual(["code", "name"]);
  });

  it("is recognised when another copy of the package made it", async () => {
    vi.resetModules();
    const copy = await import("./observability-error.ts");
    const error = new copy.ObservabilityError("SHUT_DOWN", "late");
    expect(error).not.toBeInstanceOf(ObservabilityError);
    expect(isObservabilityError(error)).toBe(true);
  });

  it.each([[undefined], [null], ["SHUT_DOWN"], [new Error("x")], [{ code: "SHUT_DOWN" }]])(
    "is not mistaken for %s",
    (value) => {
      expect(isObservabilityError(value)).toBe(false);
    },
  );
});
