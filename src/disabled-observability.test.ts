import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fastify from "fastify";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createObservability } from "./create-observability.ts";

afterEach(() => void vi.unstubAllEnvs());

describe.each<[string, () => ReturnType<typeof createObservability>]>([
  ["in code", () => createObservability({ enabled: false })],
  [
    "by RLM_ENABLED",
    () => {
      vi.stubEnv("RLM_ENABLED", "false");
      return createObservability();
    },
  ],
  [
    "by OTEL_SDK_DISABLED",
    () => {
      vi.stubEnv("OTEL_SDK_DISABLED", "true");
      return createObservability();
    },
  ],
])("switched off %s", (_how, create) => {
  it("observes, starts and listens to nothing", async () => {
    const listeners = process.listenerCount("beforeExit");
    const resources = process.getActiveResourcesInfo().toSorted();
    const obs = create();
    const client = { fetch: globalThis.fetch };
    expect(obs.observe(client)).toBe(client);
    expect(client.fetch).toBe(globalThis.fetch);
    expect(obs.fetch).toBe(globalThis.fetch);
    expect(obs.unobserve(client)).toBe(client);
    expect(await obs.ready()).toEqual({ state: "disabled" });
    expect(process.listenerCount("beforeExit")).toBe(listeners);
    expect(process.getActiveResourcesInfo().toSorted()).toEqual(resources);
  });

  it("runs what it is given, and answers everything", async () => {
    const obs = create();
    expect(obs.session("s", () => 7)).toBe(7);
    expect(obs.withContext({ userId: "u" }, () => 8)).toBe(8);
    const stream = (async function* () {})();
    expect(obs.agent("a", () => stream)).toBe(stream);
    expect(Reflect.ownKeys(stream)).toEqual([]);
    const promise = Promise.resolve(9);
    expect(obs.tool({ name: "t" }, () => promise)).toBe(promise);
    expect(obs.retrieval("r", () => 10)).toBe(10);
    expect(obs.workflow("w", () => 11)).toBe(11);
    const approval = obs.hitl.request({ action: "refund", id: "approval-1" });
    approval.decide("APPROVE");
    approval.timeout();
    expect(approval.id).toBe("approval-1");
    obs.startSession("s");
    obs.updateSession("s", { userId: "u" });
    obs.addSessionMessage("s", { role: "user" });
    obs.alert({ name: "n", severity: "info", message: "m" });
    obs.endSession("s");
    const handler = vi.fn();
    obs.subscribe(handler)();
    obs.subscribe(handler, { types: ["llm_request_started"] })[Symbol.dispose]();
    obs.use((event) => event)();
    expect(() => obs.subscribe(handler, { priority: Number.NaN })).toThrow("priority");
    expect(() => obs.use(undefined as never)).toThrow("function");
    expect(obs.getEventStatistics()).toMatchObject({ totalPublished: 0, handlers: [] });
    expect(handler).not.toHaveBeenCalled();
    await obs.score({ traceId: "a".repeat(32), name: "x", value: 1 });
    await obs.forceFlush();
    expect(await obs.getHealthStatus()).toMatchObject({ status: "stopped", active_sessions: 0 });
    expect((await obs.handler(new Request("http://x/metrics"))).status).toBe(503);
    expect(await obs.shutdown()).toEqual({ lost: {}, openOperations: 0, timedOut: false });
    expect(obs.generateGrafanaDashboard()).toHaveProperty("panels");
  });
});

it("refuses wrong options all the same", () => {
  expect(() => createObservability({ enabled: false, idleLimitMs: -1 })).toThrow(/idleLimitMs/);
});

describe("mounted although it is switched off", () => {
  let server: Server;
  afterEach(() => server.closeAllConnections());

  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener).listen(0, "127.0.0.1").unref();
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  }

  it("answers 503", async () => {
    const url = await serve(createObservability({ enabled: false }).nodeHandler);
    expect((await fetch(url)).status).toBe(503);
  });

  it("leaves everything to whoever comes next", async () => {
    const { nodeHandler } = createObservability({ enabled: false });
    const url = await serve((request, response) =>
      nodeHandler(request, response, () => response.end("own page")),
    );
    expect(await (await fetch(url)).text()).toBe("own page");
  });

  it("answers for Fastify", async () => {
    const app = fastify();
    app.all("/*", createObservability({ enabled: false }).nodeHandler);
    ({ server } = app);
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    expect((await fetch(`${url}/metrics`)).status).toBe(503);
    await app.close();
  });
});
