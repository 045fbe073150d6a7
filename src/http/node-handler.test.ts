import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRestHandler, type RestHandler } from "../../test/support/rest-handler.ts";
import { createEvent } from "../events/index.ts";
import type { NodeHandler } from "../runtime/node-handler.ts";
import { createNodeHandler } from "./node-handler.ts";

/** It has no types of its own; what is used of it here is the same in both. */
const express4 = createRequire(import.meta.url)("express-4") as typeof express;

const OPEN = { allowUnauthenticatedMount: true };

let closing: (() => Promise<unknown>)[];
let rest: RestHandler;
let nodeHandler: NodeHandler;

beforeEach(() => {
  closing = [];
  use(createRestHandler({ config: OPEN }));
});
afterEach(async () => {
  await rest.handler.close();
  await Promise.all(closing.map((close) => close()));
});

function use(created: RestHandler): void {
  rest = created;
  nodeHandler = createNodeHandler(rest.handler.answer, rest.diagnostics);
}

async function serve(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  return urlOf(createServer(listener).listen(0, "127.0.0.1"));
}

async function urlOf(server: Server): Promise<string> {
  if (!server.listening) await once(server, "listening");
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serveFastify(prefix: string, path: string): Promise<string> {
  const app = fastify();
  await app.register(async (scope) => void scope.all(path, nodeHandler), { prefix });
  app.get("/", async () => "own page");
  await app.listen({ host: "127.0.0.1", port: 0 });
  return urlOf(app.server);
}

function serveExpress(
  define: (app: express.Express) => void,
  version: () => express.Express = express,
): Promise<string> {
  const app = version();
  define(app);
  return urlOf(app.listen(0, "127.0.0.1"));
}

/** Each way to mount, and where the routes are then. */
const mounts: readonly [string, () => Promise<string>, string][] = [
  ["node:http", () => serve(nodeHandler), ""],
  ["Express", () => serveExpress((app) => app.use("/a/b", nodeHandler)), "/a/b"],
  ["Express at its root", () => serveExpress((app) => app.use(nodeHandler)), ""],
  [
    "a router of Express behind a body parser",
    () =>
      serveExpress((app) => {
        const router = express.Router();
        router.use("/b", nodeHandler);
        app.use(express.json()).use("/a", router);
      }),
    "/a/b",
  ],
  ["Express 4", () => serveExpress((app) => app.use("/a/b", nodeHandler), express4), "/a/b"],
  ["Express 4 at its root", () => serveExpress((app) => app.use(nodeHandler), express4), ""],
  [
    "a router of Express 4 behind a body parser",
    () =>
      serveExpress((app) => {
        const router = express4.Router();
        router.use("/b", nodeHandler);
        app.use(express4.json()).use("/a", router);
      }, express4),
    "/a/b",
  ],
  ["Fastify", () => serveFastify("", "/a/*"), "/a"],
  ["a plug-in of Fastify", () => serveFastify("/a", "/*"), "/a"],
];

describe.each(mounts)("mounted in %s", (_where, mount, base) => {
  it("serves every page and route below its path, and tells it", async () => {
    const url = await mount();
    for (const path of ["/metrics", "/healthz", "/events/stats", "/events/metrics/sessions"]) {
      expect((await fetch(`${url}${base}${path}`)).status, path).toBe(200);
    }
    const api: unknown = await (await fetch(`${url}${base}/openapi.json`)).json();
    expect(api).toMatchObject({ servers: [{ url: base || "/" }] });
    const head = await fetch(`${url}${base}/events/stats`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const etag = head.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"/);
  });

  it("takes ids as they are escaped, and methods", async () => {
    const url = `${await mount()}${base}/events/metrics/session/${encodeURIComponent("a/b %ü")}`;
    expect((await fetch(url)).status).toBe(404);
    rest.bus.publish(createEvent("session_started", {}, 1, { sessionId: "a/b %ü" }));
    expect(await (await fetch(url)).json()).toMatchObject({ session_id: "a/b %ü" });
    const gone = await fetch(url, { method: "DELETE" });
    expect(await gone.json()).toEqual({ session_id: "a/b %ü", cleared: true });
    expect((await fetch(url, { method: "PUT", body: "{}" })).status).toBe(405);
  });

  it("streams, and notices when the client goes", async () => {
    const url = await mount();
    const leaving = new AbortController();
    const response = await fetch(`${url}${base}/events/stream`, { signal: leaving.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toContain("retry:");
    const event = createEvent("system_started", { version: "1" }, 1);
    rest.bus.publish(event);
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toContain(event.id);
    leaving.abort();
    await expect(reader.read()).rejects.toThrow();
    expect(rest.problems).toEqual([]);
  });

  it("is closed unless told otherwise", async () => {
    use(createRestHandler());
    const url = await mount();
    expect((await fetch(`${url}${base}/metrics`)).status).toBe(200);
    expect(await (await fetch(`${url}${base}/healthz`)).json()).toEqual({ status: "healthy" });
    const closed = await fetch(`${url}${base}/events/stats`);
    expect(closed.status).toBe(403);
    expect(await closed.text()).toContain("server.allowUnauthenticatedMount");
  });
});

describe.each([
  ["5", express],
  ["4", express4],
])("in Express %s", (_version, version) => {
  it("what is no path of ours is left to the application, its own index too", async () => {
    const url = await serveExpress((app) => {
      app.use(nodeHandler);
      app.use((_request, response) => void response.send("own page"));
    }, version);
    for (const path of ["/", "/events", "/events/other", "/metrics/x"]) {
      expect(await (await fetch(`${url}${path}`)).text(), path).toBe("own page");
    }
    expect(await (await fetch(`${url}/metrics`)).text()).toContain("rlm_size");
  });

  it("a path of our own leaves the index to us, and the rest to the application", async () => {
    const url = await serveExpress((app) => {
      app.use("/a", nodeHandler);
      app.use((_request, response) => void response.send("own page"));
    }, version);
    expect(await (await fetch(`${url}/a`)).text()).toContain("/events/stream");
    expect(await (await fetch(`${url}/a/other`)).text()).toBe("own page");
  });

  it("clients are told apart by their address, as the framework's proxy settings have it", async () => {
    use(createRestHandler({ config: { ...OPEN, maxRequestsPerMinute: 1 } }));
    const url = await serveExpress((app) => app.set("trust proxy", true).use(nodeHandler), version);
    const ask = async (client: string) =>
      (await fetch(`${url}/events/stats`, { headers: { "x-forwarded-for": client } })).status;
    expect([await ask("192.0.2.1"), await ask("192.0.2.1"), await ask("192.0.2.2")]).toEqual([
      200, 429, 200,
    ]);
  });
});

it("what is no path of ours is a problem where nobody else is", async () => {
  const url = await serve(nodeHandler);
  const response = await fetch(`${url}/other`);
  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
});

it("a fetch handler is mounted in Hono below the base path that it is told", async () => {
  use(createRestHandler({ config: { ...OPEN, basePath: "/a" } }));
  const handler = (request: Request) => rest.handler.answer(request, { via: "mount" });
  const app = new Hono();
  app.all("/a/*", (context) => handler(context.req.raw));
  app.mount("/b", handler);
  for (const base of ["/a", "/b"]) {
    expect((await app.request(`${base}/events/stats`)).status).toBe(200);
  }
  const api: unknown = await (await app.request("/a/openapi.json")).json();
  expect(api).toMatchObject({ servers: [{ url: "/a" }] });
});
