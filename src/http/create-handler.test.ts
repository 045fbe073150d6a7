import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createDiagnostics } from "../diagnostics/index.ts";
import type { HealthStatus } from "../runtime/observability.ts";
import { createHandler } from "./create-handler.ts";

const HEALTH: HealthStatus = {
  status: "healthy",
  active_sessions: 2,
  prometheus: "serving",
  langfuse: "disabled",
  sinks: { log: { state: "ok" } },
};

function create(health: HealthStatus | Error = HEALTH) {
  const accepts: (string | null)[] = [];
  const problems: string[] = [];
  const handler = createHandler({
    renderMetrics: async (accept) => {
      accepts.push(accept);
      return { contentType: "text/plain; version=0.0.4", body: "rlm_size 1\n" };
    },
    health: () => (health instanceof Error ? Promise.reject(health) : Promise.resolve(health)),
    diagnostics: createDiagnostics({ write: (line) => problems.push(line) }),
  });
  const request = (path: string, init?: RequestInit) =>
    handler(new Request(`http://127.0.0.1:9464${path}`, init));
  return { request, accepts, problems };
}

describe("GET /metrics", () => {
  it("answers with the page, in the format that is asked for", async () => {
    const { request, accepts } = create();
    const response = await request("/metrics", { headers: { accept: "text/plain" } });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4");
    expect(await response.text()).toBe("rlm_size 1\n");
    await request("/metrics?x=1");
    expect(accepts).toEqual(["text/plain", null]);
  });
});

describe("GET /healthz", () => {
  it.each<[HealthStatus["status"], number]>([
    ["healthy", 200],
    ["degraded", 200],
    ["stopped", 503],
  ])("while %s answers %i with what is known", async (status, code) => {
    const response = await create({ ...HEALTH, status }).request("/healthz");
    expect(response.status).toBe(code);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.json()).toEqual({ ...HEALTH, status });
  });

  it("that fails says so without the reason", async () => {
    const response = await create(new Error("secret")).request("/healthz");
    expect(response.status).toBe(500);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.text()).not.toContain("secret");
  });
});

it("HEAD answers as GET does, without a body", async () => {
  for (const path of ["/", "/metrics", "/healthz"]) {
    const get = await create().request(path);
    const head = await create().request(path, { method: "HEAD" });
    expect(head.status).toBe(get.status);
    expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
    expect(await head.text()).toBe("");
  }
});

it("GET / names the pages", async () => {
  const response = await create().request("/");
  expect(await response.text()).toMatch(/\/metrics[^]*\/healthz/);
});

it("what can't be loaded is reported once, and said without the reason", async () => {
  vi.doMock("hono", () => {
    throw new Error("secret");
  });
  const { request, problems } = create();
  for (const path of ["/metrics", "/healthz"]) {
    const response = await request(path);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
  }
  expect(problems).toHaveLength(1);
  vi.doUnmock("hono");
});

describe("anything else", () => {
  it.each([
    ["GET", "/nothing"],
    ["GET", "/metrics/"],
    ["GET", "//metrics"],
    ["POST", "/metrics"],
    ["DELETE", "/healthz"],
  ])("%s %s is a problem of status 404", async (method, path) => {
    const response = await create().request(path, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toEqual({
      type: "about:blank",
      title: "Not found",
      status: 404,
    });
  });

  it("is never an error of ours, and echoes nothing", async () => {
    const { request } = create();
    const part = fc.oneof(
      fc.webPath().map((path) => `/${path}`),
      fc.string().map((text) => `/${encodeURIComponent(text)}`),
      fc.constantFrom(
        "/%",
        "/%E0%A4%A",
        "/..%2f..%2fetc/passwd",
        "/__proto__",
        "/*",
        "/:id",
        "/?a[]=1&%",
      ),
    );
    const method = fc.constantFrom("GET", "HEAD", "POST", "PUT", "OPTIONS", "PATCH", "QUERY");
    await fc.assert(
      fc.asyncProperty(part, method, fc.string(), async (path, verb, accept) => {
        const headers = { accept: encodeURIComponent(accept) };
        const response = await request(`${path}canary`, { method: verb, headers });
        expect(response.status).toBeLessThan(500);
        expect(await response.text()).not.toContain("canary");
      }),
    );
  }, 30_000);
});
