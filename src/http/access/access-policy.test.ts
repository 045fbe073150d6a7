import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RequestOrigin } from "../request-origin.ts";
import { type Access, createAccessPolicy, refusal } from "./access-policy.ts";

const OLD = "an-old-token-of-32-characters-xx";
const NEW = "a-new-token-of-another-length";

const open = { tokens: undefined, allowUnauthenticatedMount: false };
const guarded = { tokens: [OLD, NEW], allowUnauthenticatedMount: true };

const vias = ["loopback", "network", "mount"] as const satisfies RequestOrigin["via"][];

describe("without tokens", () => {
  it.each<[RequestOrigin["via"], boolean, Access]>([
    ["loopback", false, "granted"],
    ["network", false, "closed"],
    ["network", true, "closed"],
    ["mount", false, "closed"],
    ["mount", true, "granted"],
  ])("by %s, a mount left to its server: %s, access is %s", (via, allowed, expected) => {
    const access = createAccessPolicy({ ...open, allowUnauthenticatedMount: allowed });
    expect(access(new Headers(), via)).toBe(expected);
    expect(access(new Headers({ "x-internal-auth": NEW }), via)).toBe(expected);
  });

  it("a page of another site may not ask a server on loopback", () => {
    const access = createAccessPolicy(open);
    expect(access(new Headers({ "sec-fetch-site": "cross-site" }), "loopback")).toBe("cross-site");
    expect(access(new Headers({ "sec-fetch-site": "same-origin" }), "loopback")).toBe("granted");
  });
});

describe.each(vias)("with tokens, by %s", (via) => {
  const access = createAccessPolicy(guarded);

  it.each<[string, Record<string, string>, Access]>([
    ["none", {}, "unauthorized"],
    ["x-internal-auth", { "x-internal-auth": OLD }, "granted"],
    ["the other one", { "x-internal-auth": NEW }, "granted"],
    ["a bearer token", { authorization: `Bearer ${NEW}` }, "granted"],
    ["a bearer token in other letters", { authorization: `bearer  ${NEW} ` }, "granted"],
    ["basic authentication", { authorization: `Basic ${NEW}` }, "unauthorized"],
    ["no scheme", { authorization: NEW }, "unauthorized"],
    ["a beginning", { "x-internal-auth": OLD.slice(0, -1) }, "unauthorized"],
    ["one more character", { "x-internal-auth": `${OLD}x` }, "unauthorized"],
    ["two in one", { "x-internal-auth": `${OLD}, ${NEW}` }, "unauthorized"],
    ["nothing in it", { "x-internal-auth": "", authorization: "Bearer " }, "unauthorized"],
    [
      "a wrong and a right one",
      { "x-internal-auth": "no", authorization: `Bearer ${OLD}` },
      "granted",
    ],
  ])("%s is %s", (_what, headers, expected) => {
    expect(access(new Headers(headers), via)).toBe(expected);
  });

  it("no other text gets in, whatever its length", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => {
        const token = encodeURIComponent(text);
        fc.pre(token !== OLD && token !== NEW);
        expect(access(new Headers({ "x-internal-auth": token }), via)).toBe("unauthorized");
      }),
    );
  });

  it("an empty list lets nobody in", () => {
    const closed = createAccessPolicy({ ...guarded, tokens: [] });
    expect(closed(new Headers({ "x-internal-auth": "" }), via)).toBe("closed");
  });
});

describe("a refusal", () => {
  it("of a wrong token says how to send one", async () => {
    const response = refusal("unauthorized", "network");
    expect(response?.status).toBe(401);
    expect(response?.headers.get("www-authenticate")).toBe('Bearer realm="rlm-obs"');
  });

  it.each(vias)("where all is closed, by %s, says what to set", async (via) => {
    const response = refusal("closed", via);
    expect(response?.status).toBe(403);
    expect(await response?.text()).toContain("RLM_SERVER_TOKENS");
  });

  it("is none where access is granted", () => {
    expect(refusal("granted", "mount")).toBeUndefined();
  });
});
