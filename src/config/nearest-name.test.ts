import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearestName } from "./nearest-name.ts";

const candidates = ["server.port", "server.host", "serviceName", "idleLimitMs", "log"];

describe("nearestName", () => {
  it.each([
    ["server.prot", "server.port"],
    ["host", "server.host"],
    ["serviceNmae", "serviceName"],
    ["idleLimit", "idleLimitMs"],
    ["LOG", "log"],
  ])("takes %s for %s", (name, expected) => {
    expect(nearestName(name, candidates)).toBe(expected);
  });

  it("finds every candidate when one letter is missing", () => {
    fc.assert(
      fc.property(fc.constantFrom(...candidates), fc.nat(), (name, seed) => {
        const at = seed % name.length;
        expect(nearestName(name.slice(0, at) + name.slice(at + 1), candidates)).toBe(name);
      }),
    );
  });

  it("prefers no name to a far one", () => {
    expect(nearestName("tracing", candidates)).toBeUndefined();
  });
});
