import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createRestHandler, HEALTH, LOOPBACK } from "../../test/support/rest-handler.ts";
import type { HealthStatus } from "../runtime/observability.ts";
import { servedPaths } from "./paths.ts";
import type { RequestOrigin } from "./request-origin.ts";
import { problemKinds, type ProblemKind } from "./problem.ts";

const problemOf = (kind: ProblemKind, detail?: string) => ({
  type: `urn:rlm-obs:problem:${kind}`,
  ...problemKinds[kind],
  ...(detail !== undefined && { detail }),
});

async function expectProblem(response: Response, kind: ProblemKind): Promise<void> {
  expect(response.status).toBe(problemKinds[kind].status);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(await response.json()).toMatchObject(problemOf(kind));
}

describe("GET /metrics", () => {
  it("answers with the page, in the format that is asked for", async () => {
    const accepts: (string | null)[] = [];
    const { get } = createRestHandler({
      renderMetrics: async (accept) => {
        accepts.push(accept);
        return { contentType: "text/plain; version=0.0.4", body: "rlm_size 1\n" };
      },
    });
    const response = await get("/metrics", { headers: { accept: "text/plain" } });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4");
    expect(await response.text()).toBe("rlm_size 1\n");
    await get("/metrics?x=1");
    expect(accepts).toEqual(["text/plain", null]);
  });
});

describe("GET /healthz", () => {
  it.each<[HealthStatus["status"], number]>([
    ["healthy", 200],
    ["degraded", 200],
    ["stopped", 503],
  ])("while %s answers %i with what is known", async (status, code) => {
    const health = { ...HEALTH, status };
    const response = await createRestHandler({ health: async () => health }).get("/healthz");
    expect(response.status).toBe(code);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.json()).toEqual(health);
  });

  it("that fails says so without the reason", async () => {
    const health = () => Promise.reject(new Error("secret"));
    const response = await createRestHandler({ health }).get("/healthz");
    expect(response.status).toBe(500);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.text()).not.toContain("secret");
  });

  it("tells the status alone to those who may not read the rest", async () => {
    const { get } = createRestHandler({ config: { tokens: ["a".repeat(16)] } });
    expect(await (await get("/healthz")).json()).toEqual({ status: "healthy" });
    const headers = { "x-internal-auth": "a".repeat(16) };
    expect(await (await get("/healthz", { headers })).json()).toEqual(HEALTH);
  });
});

it("HEAD answers as GET does, without a body", async () => {
  const { get } = createRestHandler();
  for (const path of Object.keys(servedPaths).filter((served) => !served.includes(":"))) {
    const shown = await get(path);
    await shown.body?.cancel();
    const head = await get(path, { method: "HEAD" });
    expect(head.status, path).toBe(shown.status);
    expect(head.headers.get("content-type"), path).toBe(shown.headers.get("content-type"));
    expect(await head.text(), path).toBe("");
  }
});

it("GET / names every page and route", async () => {
  const index = await (await createRestHandler().get("/")).text();
  const named = [...index.matchAll(/^(GET|DELETE) +(\S+)/gm)].map(([, ...words]) =>
    words.join(" "),
  );
  const served = Object.entries(servedPaths).flatMap(([path, methods]) =>
    methods.map((method) => `${method} ${path}`),
  );
  expect(named.toSorted()).toEqual(served.filter((route) => route !== "GET /").toSorted());
});

it("every answer says how little a browser may make of it", async () => {
  const { get } = createRestHandler();
  for (const path of ["/", "/metrics", "/healthz", "/events/audit-log", "/nothing"]) {
    const { headers } = await get(path, { headers: { origin: "https://elsewhere.example" } });
    expect(headers.get("x-content-type-options"), path).toBe("nosniff");
    expect(headers.get("cache-control"), path).toBe("no-store");
    expect([...headers.keys()].filter((name) => name.includes("allow-origin"))).toEqual([]);
  }
});

describe("anything else", () => {
  it.each<[string, string, ProblemKind]>([
    ["GET", "/nothing", "not-found"],
    ["GET", "/metrics/", "not-found"],
    ["GET", "//metrics", "not-found"],
    ["GET", "/events", "not-found"],
    ["GET", "/events/", "not-found"],
    ["GET", "/events/metrics/session/", "not-found"],
    ["GET", "/events/metrics/session/:id/x", "not-found"],
    ["GET", "/events/metrics/session/%E0%A4%A", "invalid-path"],
    ["GET", "/%", "invalid-path"],
    ["POST", "/metrics", "method-not-allowed"],
    ["DELETE", "/healthz", "method-not-allowed"],
    ["OPTIONS", "/events/audit-log", "method-not-allowed"],
    ["PUT", "/events/metrics/session/a", "method-not-allowed"],
  ])("%s %s is the problem %s", async (method, path, kind) => {
    await expectProblem(await createRestHandler().get(path, { method }), kind);
  });

  it("tells the methods that there are", async () => {
    const { get } = createRestHandler();
    expect((await get("/metrics", { method: "POST" })).headers.get("allow")).toBe("GET, HEAD");
    const session = await get("/events/metrics/session/a", { method: "POST" });
    expect(session.headers.get("allow")).toBe("GET, HEAD, DELETE");
  });

  it("a URL or a body that is too large is refused", async () => {
    const { get } = createRestHandler();
    await expectProblem(await get(`/events/audit-log?x=${"x".repeat(8_192)}`), "url-too-long");
    const headers = { "content-length": "2000" };
    const body = "x".repeat(2_000);
    const large = await get("/events/audit-log", { method: "POST", headers, body });
    await expectProblem(large, "body-too-large");
  });
});

describe("an answer that does not come", () => {
  it("is given up after ten seconds", async () => {
    vi.useFakeTimers();
    try {
      const { get } = createRestHandler({ health: () => new Promise(() => {}) });
      await get("/metrics");
      const answered = get("/healthz");
      await vi.advanceTimersByTimeAsync(10_000);
      await expectProblem(await answered, "timed-out");
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

it("the REST API asks more than it may, and waits", async () => {
  let nowMs = 0;
  const { get } = createRestHandler({ config: { maxRequestsPerMinute: 2 }, now: () => nowMs });
  for (const expected of [200, 200, 429]) {
    expect((await get("/events/audit-log")).status).toBe(expected);
  }
  const limited = await get("/events/audit-log");
  expect(limited.headers.get("retry-after")).toBe("30");
  await expectProblem(limited, "rate-limited");
  const other = { ...LOOPBACK, client: "127.0.0.2" };
  expect((await get("/events/audit-log", {}, other)).status).toBe(200);
  for (const path of ["/metrics", "/healthz", "/"]) expect((await get(path)).status).toBe(200);
  nowMs += 30_000;
  expect((await get("/events/audit-log")).status).toBe(200);
});

it("callers without a token can't use up the limit of those who have one, where nobody can tell who asks", async () => {
  const token = "t".repeat(16);
  const { get } = createRestHandler({ config: { tokens: [token], maxRequestsPerMinute: 2 } });
  const mount = { via: "mount" } as const;
  const headers = { "x-internal-auth": token };
  for (const expected of [401, 401, 429]) {
    expect((await get("/events/stats", {}, mount)).status).toBe(expected);
  }
  expect((await get("/events/stats", { headers }, mount)).status).toBe(200);
});

it("one client is not told whether its token was right, once it has tried too often", async () => {
  const token = "t".repeat(16);
  const { get } = createRestHandler({ config: { tokens: [token], maxRequestsPerMinute: 2 } });
  const headers = { "x-internal-auth": "wrong" };
  for (const expected of [401, 401, 429]) {
    expect((await get("/events/stats", { headers })).status).toBe(expected);
  }
  const right = { headers: { "x-internal-auth": token } };
  expect((await get("/events/stats", right)).status).toBe(429);
  expect(await (await get("/healthz", right)).json()).toEqual({ status: "healthy" });
});

describe("a server on loopback that is asked for by a foreign name", () => {
  const token = "t".repeat(16);
  const foreign = { ...LOOPBACK, foreignHost: true };
  const paths = ["/", "/metrics", "/healthz", "/events/stats", "/openapi.json", "/nothing"];
  const right = { headers: { authorization: `Bearer ${token}` } };
  const wrong = { headers: { "x-internal-auth": "wrong" } };

  it.each<[string, readonly string[] | undefined, RequestInit]>([
    ["no tokens are set", undefined, {}],
    ["no tokens are set, and one is sent", undefined, right],
    ["no token can be valid", [], right],
    ["none is sent", [token], {}],
    ["a wrong one is sent", [token], wrong],
  ])("answers nothing where %s", async (_where, tokens, init) => {
    const { get } = createRestHandler({ config: { tokens } });
    for (const path of paths) await expectProblem(await get(path, init, foreign), "foreign-host");
  });

  it("answers all to who has a token: no page knows one", async () => {
    const { get } = createRestHandler({ config: { tokens: [token] } });
    const codes = paths.map(async (path) => (await get(path, right, foreign)).status);
    expect(await Promise.all(codes)).toEqual([200, 200, 200, 200, 200, 404]);
    expect(await (await get("/healthz", right, foreign)).json()).toEqual(HEALTH);
  });

  it.each(["/", "/metrics", "/healthz", "/events/stats"])(
    "lets nobody try tokens out at %s without end, and counts each request once",
    async (path) => {
      const { get } = createRestHandler({
        config: { tokens: [token], maxRequestsPerMinute: 3 },
        now: () => 0,
      });
      const other = { ...foreign, client: "127.0.0.2" };
      const codes: number[] = [];
      for (const init of [wrong, wrong, wrong, right]) {
        codes.push((await get(path, init, foreign)).status);
      }
      for (const init of [right, right, right, right]) {
        codes.push((await get(path, init, other)).status);
      }
      expect(codes).toEqual([403, 403, 403, 429, 200, 200, 200, 429]);
    },
  );
});

describe("who may ask for what", () => {
  const token = "t".repeat(16);
  const open = new Set(["GET /", "GET /metrics", "GET /healthz"]);
  const routes = Object.entries(servedPaths).flatMap(([path, methods]) =>
    methods.map((method) => `${method} ${path.replace(":id", "s-1")}`),
  );

  it.each<
    [string, RequestOrigin["via"], readonly string[] | undefined, Record<string, string>, number]
  >([
    ["nobody's", "network", undefined, {}, 403],
    ["nobody's", "mount", undefined, {}, 403],
    ["nobody's", "loopback", [], { "x-internal-auth": token }, 403],
    ["without a token", "loopback", [token], {}, 401],
    ["without a token", "network", [token], {}, 401],
    ["without a token", "mount", [token], {}, 401],
    ["with a wrong one", "network", [token], { authorization: "Bearer wrong" }, 401],
    ["asked by another site", "loopback", undefined, { "sec-fetch-site": "cross-site" }, 403],
  ])(
    "%s by %s of %j with %j: every route but the open ones is %i",
    async (_who, via, tokens, headers, status) => {
      const { get } = createRestHandler({ config: { tokens } });
      for (const route of routes) {
        const [method = "", path = ""] = route.split(" ");
        const response = await get(path, { method, headers }, { via });
        expect(response.status, route).toBe(open.has(route) ? 200 : status);
      }
    },
  );

  it.each<[RequestOrigin["via"], readonly string[] | undefined, Record<string, string>]>([
    ["loopback", undefined, {}],
    ["loopback", [token], { "x-internal-auth": token }],
    ["network", ["another-token-of-old", token], { authorization: `Bearer ${token}` }],
    ["mount", [token], { "x-internal-auth": token }],
  ])("by %s of %j with %j all are answered", async (via, tokens, headers) => {
    const { get } = createRestHandler({ config: { tokens } });
    for (const route of routes) {
      const [method = "", path = ""] = route.split(" ");
      const response = await get(path, { method, headers }, { via });
      expect(response.status, route).toBe(path.endsWith("/s-1") ? 404 : 200);
      await response.body?.cancel();
    }
  });
});

it("nothing that is asked for is an error of ours, and nothing of it is echoed", async () => {
  const { get } = createRestHandler();
  const part = fc.oneof(
    fc.webPath().map((path) => `/${path}`),
    fc.string().map((text) => `/${encodeURIComponent(text)}`),
    fc
      .string({ unit: "binary" })
      .map((text) => `/events/metrics/session/${encodeURIComponent(text)}`),
    fc.constantFrom(
      "/%",
      "/%E0%A4%A",
      "/..%2f..%2fetc/passwd",
      "/__proto__",
      "/*",
      "/:id",
      "/?a[]=1&%",
      "/events/metrics/session/%2e%2e",
      "/events/metrics/session/constructor",
      "/events/audit-log?limit=99999999999999999999&",
      "/events/audit-log?limit=-1&",
      "/events/audit-log?cursor=x&",
      "/events/audit-log?__proto__=1&",
      "/events/stream?type=x&",
    ),
  );
  const method = fc.constantFrom(
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "OPTIONS",
    "PATCH",
    "QUERY",
    "DELETE",
  );
  const header = fc.constantFrom(
    "accept",
    "if-none-match",
    "last-event-id",
    "authorization",
    "x-internal-auth",
  );
  await fc.assert(
    fc.asyncProperty(part, method, header, fc.string(), async (path, verb, name, text) => {
      const headers = { [name]: encodeURIComponent(text) };
      const response = await get(`${path}canary`, { method: verb, headers });
      expect(response.status).toBeLessThan(500);
      const type = response.headers.get("content-type");
      const isProblem = type === "application/problem+json";
      expect(isProblem).toBe(response.status >= 400);
      await response.body?.cancel();
    }),
    { numRuns: 500 },
  );
}, 30_000);
