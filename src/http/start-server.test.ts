import { once } from "node:events";
import { createServer, connect, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDiagnostics, type Diagnostics } from "../diagnostics/index.ts";
import { createHandler } from "./create-handler.ts";
import { type RunningServer, startServer, type StartServerOptions } from "./start-server.ts";

let problems: string[];
let diagnostics: Diagnostics;
let running: RunningServer[];

beforeEach(() => {
  problems = [];
  running = [];
  diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
});
afterEach(() => Promise.all(running.map((server) => server.close())));

const handler = createHandler({
  renderMetrics: async () => ({ contentType: "text/plain", body: "rlm_size 1\n" }),
  health: () => Promise.reject(new Error("not asked")),
  diagnostics: createDiagnostics(),
});

function start(options: Partial<StartServerOptions> = {}): RunningServer {
  const server = startServer({ handler, host: "127.0.0.1", port: 0, diagnostics, ...options });
  running.push(server);
  return server;
}

async function portOf(server: RunningServer): Promise<number> {
  return Number(new URL((await server.status).url ?? "").port);
}

/** Sends bytes as they are, and gives the status line of the answer. */
async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(bytes);
  return (await text(socket)).split("\r\n")[0] ?? "";
}

describe("a server", () => {
  it("on port 0 takes a free port, tells it, and serves", async () => {
    const status = await start().status;
    expect(status).toEqual({
      state: "listening",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/) as string,
    });
    const response = await fetch(`${status.url}/metrics`);
    expect(await response.text()).toBe("rlm_size 1\n");
    expect(problems).toEqual([]);
  });

  it("on an IPv6 address has it in brackets", async () => {
    const status = await start({ host: "::1" }).status;
    expect(status.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${status.url}/metrics`)).status).toBe(200);
  });

  it("does not keep the process alive", async () => {
    const server = start();
    await server.status;
    expect(process.getActiveResourcesInfo()).not.toContain("TCPServerWrap");
  });

  it("leaves the program its own Request and Response", async () => {
    const { Request: before, Response: beforeResponse } = globalThis;
    const { url } = await start().status;
    await fetch(`${url}/metrics`);
    expect(globalThis.Request).toBe(before);
    expect(globalThis.Response).toBe(beforeResponse);
  });
});

it("says so where what it serves with can't be loaded", async () => {
  vi.doMock("@hono/node-server", () => {
    throw new Error("no such package");
  });
  const { url } = await start().status;
  for (const path of ["/metrics", "/healthz"]) {
    expect((await fetch(`${url}${path}`)).status).toBe(500);
  }
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain("server: a part of it could not be loaded");
  vi.doUnmock("@hono/node-server");
});

describe("a server that can't listen", () => {
  it("because its port is taken is reported once with what to do, and does not throw", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const server = start({ port });
    const status = await server.status;
    expect(status.state).toBe("failed");
    expect(status.error).toContain(`port ${port} is taken`);
    expect(status.error).toContain("OTEL_EXPORTER_PROMETHEUS_PORT");
    expect(problems).toEqual([`[rlm-obs] server: ${status.error}`]);
    expect([...diagnostics.counters.dropped.values()]).toEqual([
      { destination: "server", reason: "unavailable", count: 1 },
    ]);
    await server.close();
    await new Promise((resolve) => other.close(resolve));
  });

  it("because its host is not its own is reported once", async () => {
    const status = await start({ host: "192.0.2.1", port: 9464 }).status;
    expect(status.state).toBe("failed");
    expect(status.error).toContain("192.0.2.1:9464");
    expect(status.error).toContain("OTEL_EXPORTER_PROMETHEUS_HOST");
    expect(problems).toHaveLength(1);
  });
});

describe("close()", () => {
  it("frees the port, breaks open connections, and may be called twice", async () => {
    const server = start();
    const port = await portOf(server);
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    const closed = once(socket, "close");
    await Promise.all([server.close(), server.close()]);
    await closed;
    const next = start({ port });
    expect((await next.status).state).toBe("listening");
  });

  it.each(["127.0.0.1", "localhost"])(
    "right after the start on %s leaves nothing listening",
    async (host) => {
      const server = start({ host });
      await server.close();
      const { url } = await server.status;
      await expect(fetch(`${url}/metrics`)).rejects.toMatchObject({
        cause: { code: "ECONNREFUSED" },
      });
    },
  );
});

describe("bytes that are no good request", () => {
  const host = "Host: localhost\r\n";
  it.each<[string, string]>([
    ["no HTTP", "hello\r\n\r\n"],
    ["no host", "GET /metrics HTTP/1.1\r\n\r\n"],
    ["a host that is none", "GET /metrics HTTP/1.1\r\nHost: a b/c\r\n\r\n"],
    ["an empty host", "GET /metrics HTTP/1.1\r\nHost:\r\n\r\n"],
    ["an absolute target", `GET http://evil.example/metrics HTTP/1.1\r\n${host}\r\n`],
    ["a target that is no URL", `GET http://[/ HTTP/1.1\r\n${host}\r\n`],
    ["two slashes", `GET //metrics HTTP/1.1\r\n${host}\r\n`],
    ["a broken escape", `GET /%E0%A4%A HTTP/1.1\r\n${host}\r\n`],
    ["a NUL", `GET /\u0000 HTTP/1.1\r\n${host}\r\n`],
    ["an asterisk", `OPTIONS * HTTP/1.1\r\n${host}\r\n`],
    ["a method that nobody knows", `FROB /metrics HTTP/1.1\r\n${host}\r\n`],
    ["TRACE", `TRACE /metrics HTTP/1.1\r\n${host}\r\n`],
    ["CONNECT", `CONNECT x:1 HTTP/1.1\r\n${host}\r\n`],
    ["a header that is too long", `GET / HTTP/1.1\r\n${host}X: ${"x".repeat(100_000)}\r\n\r\n`],
    ["a bad length", `POST /metrics HTTP/1.1\r\n${host}Content-Length: x\r\n\r\n`],
    ["a bad Accept", `GET /metrics HTTP/1.1\r\n${host}Accept: ;;,q=\u00ff\r\n\r\n`],
  ])("%s is answered below 500 or cut off, and the next one is served", async (_what, bytes) => {
    const port = await portOf(start());
    // node:http has no answer for a client that ends its side while the first one is still being prepared
    await fetch(`http://127.0.0.1:${port}/`);
    expect(await sendRaw(port, bytes)).toMatch(/^$|^HTTP\/1\.1 [234]\d\d /);
    const next = await sendRaw(port, `GET /metrics HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    expect(next).toBe("HTTP/1.1 200 OK");
    expect(problems).toEqual([]);
  });
});
