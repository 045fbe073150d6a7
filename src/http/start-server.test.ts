import { once } from "node:events";
import { createServer, connect, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRestHandler } from "../../test/support/rest-handler.ts";
import { createDiagnostics, type Diagnostics } from "../diagnostics/index.ts";
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

const { answer } = createRestHandler().handler;

function start(options: Partial<StartServerOptions> = {}): RunningServer {
  const server = startServer({ answer, host: "127.0.0.1", port: 0, diagnostics, ...options });
  running.push(server);
  return server;
}

async function portOf(server: RunningServer): Promise<number> {
  return Number(new URL((await server.status).url ?? "").port);
}

interface RawAnswer {
  readonly status: string;
  readonly type: string | undefined;
  readonly body: string;
}

/** Sends bytes as they are; an answer of nothing has an empty status. */
async function sendRaw(port: number, bytes: string): Promise<RawAnswer> {
  const socket = connect(port, "127.0.0.1");
  // a server may close before all is sent
  socket.on("error", () => {});
  socket.end(bytes, "latin1");
  const [head = "", body = ""] = (await text(socket).catch(() => "")).split("\r\n\r\n");
  const [, status = ""] = /^HTTP\/1\.1 (\d+)/.exec(head) ?? [];
  return { status, type: /^content-type: (.*)$/im.exec(head)?.[1], body };
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

  it.each(["/metrics", "/events/audit-log"])(
    "serves %s with a token alone where told to",
    async (path) => {
      const token = "t".repeat(16);
      const config = { tokens: [token], protectMetrics: true };
      const { url } = await start({ answer: createRestHandler({ config }).handler.answer }).status;
      expect((await fetch(`${url}${path}`)).status).toBe(401);
      const headers = { authorization: `Bearer ${token}` };
      expect((await fetch(`${url}${path}`, { headers })).status).toBe(200);
    },
  );

  it("beyond loopback without tokens serves the metrics, and closes the rest", async () => {
    const { url = "" } = await start({ host: "0.0.0.0" }).status;
    const local = url.replace("0.0.0.0", "127.0.0.1");
    expect((await fetch(`${local}/metrics`)).status).toBe(200);
    expect(await (await fetch(`${local}/healthz`)).json()).toEqual({ status: "healthy" });
    const closed = await fetch(`${local}/events/audit-log`);
    expect(closed.status).toBe(403);
    expect(await closed.json()).toMatchObject({
      type: "urn:rlm-obs:problem:closed",
      detail: expect.stringContaining("RLM_SERVER_TOKENS"),
    });
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

it("says of a request by a name that is not this machine's, and of no other, that it is one", async () => {
  const origins: (boolean | undefined)[] = [];
  const port = await portOf(
    start({
      answer: async (_request, { foreignHost }) => {
        origins.push(foreignHost);
        return new Response();
      },
    }),
  );
  for (const host of ["evil.example", `localhost:${port}`, "127.0.0.1", "127.0.0.1.nip.example"]) {
    await sendRaw(port, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  }
  expect(origins).toEqual([true, undefined, undefined, true]);
});

describe("bytes that are no good request", () => {
  const host = "Host: localhost\r\n";
  it.each<[string, string, RegExp]>([
    ["no HTTP", "hello\r\n\r\n", /^400 .*malformed-request/],
    ["no host", "GET /metrics HTTP/1.1\r\n\r\n", /^400 .*malformed-request/],
    ["a host that is none", "GET /metrics HTTP/1.1\r\nHost: a b/c\r\n\r\n", /^40[03] /],
    ["an empty host", "GET /metrics HTTP/1.1\r\nHost:\r\n\r\n", /^400 .*malformed-request/],
    [
      "a foreign host",
      "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
      /^403 .*foreign-host.*send `Host: localhost`/,
    ],
    ["a target that is no URL", `GET http://[/ HTTP/1.1\r\n${host}\r\n`, /^400 /],
    ["two slashes", `GET //metrics HTTP/1.1\r\n${host}\r\n`, /^404 .*not-found/],
    ["a broken escape", `GET /%E0%A4%A HTTP/1.1\r\n${host}\r\n`, /^400 .*invalid-path/],
    ["a NUL", `GET /\u0000 HTTP/1.1\r\n${host}\r\n`, /^400 /],
    ["an asterisk", `OPTIONS * HTTP/1.1\r\n${host}\r\n`, /^40[04] /],
    ["a method that nobody knows", `FROB /metrics HTTP/1.1\r\n${host}\r\n`, /^400 /],
    ["TRACE", `TRACE /metrics HTTP/1.1\r\n${host}\r\n`, /^405 .*method-not-allowed/],
    ["CONNECT", `CONNECT x:1 HTTP/1.1\r\n${host}\r\n`, /^$/],
    [
      "a header that is too long",
      `GET / HTTP/1.1\r\n${host}X: ${"x".repeat(20_000)}\r\n\r\n`,
      /^431 /,
    ],
    ["a URL that is too long", `GET /${"x".repeat(9_000)} HTTP/1.1\r\n${host}\r\n`, /^414 /],
    ["a bad length", `POST /metrics HTTP/1.1\r\n${host}Content-Length: x\r\n\r\n`, /^400 /],
    ["a large body", `DELETE /metrics HTTP/1.1\r\n${host}Content-Length: 9999\r\n\r\n`, /^413 /],
    [
      "a body of no length",
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`,
      /^413 /,
    ],
    ["an expectation", `GET / HTTP/1.1\r\n${host}Expect: wonders\r\n\r\n`, /^200 /],
    [
      "an upgrade",
      `GET /nothing HTTP/1.1\r\n${host}Connection: upgrade\r\nUpgrade: x\r\n\r\n`,
      /^404 /,
    ],
    ["a bad Accept", `GET /metrics HTTP/1.1\r\n${host}Accept: ;;,q=\u00ff\r\n\r\n`, /^200 /],
  ])("%s is answered by a problem, and the next one is served", async (_what, bytes, expected) => {
    const port = await portOf(start());
    // node:http has no answer for a client that ends its side while the first one is still being prepared
    await fetch(`http://127.0.0.1:${port}/`);
    const { status, type, body } = await sendRaw(port, bytes);
    expect(`${status} ${body}`.trim()).toMatch(expected);
    expect(type).toBe(/^[45]/.test(status) ? "application/problem+json" : type);
    const next = await sendRaw(port, `GET /metrics HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    expect(next.status).toBe("200");
    expect(problems).toEqual([]);
  });

  it("random ones never end in an answer of 500 or above, nor in a crash", async () => {
    const port = await portOf(start());
    await fetch(`http://127.0.0.1:${port}/`);
    const line = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.constantFrom(
        "Host: localhost",
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        "X-Internal-Auth: x",
      ),
      fc.constantFrom(
        "Expect: 100-continue",
        "Connection: keep-alive",
        "Last-Event-ID: \u00ff",
        "Upgrade: x",
      ),
    );
    const first = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc
        .tuple(
          fc.constantFrom("GET", "DELETE", "HEAD", "PUT", "get"),
          fc.webPath(),
          fc.webQueryParameters(),
        )
        .map(([method, path, query]) => `${method} ${path || "/"}?${query} HTTP/1.1`),
      fc.constantFrom(
        "GET /events/metrics/session/%00 HTTP/1.1",
        "GET /events/audit-log?limit= HTTP/1.1",
      ),
    );
    await fc.assert(
      fc.asyncProperty(first, fc.array(line, { maxLength: 6 }), async (request, lines) => {
        const { status } = await sendRaw(port, `${[request, ...lines].join("\r\n")}\r\n\r\n`);
        expect(status).toMatch(/^$|^[1-4]/);
      }),
      { numRuns: 300 },
    );
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(200);
    expect(problems).toEqual([]);
  }, 30_000);

  it("that come one by one are given up, while others are served", async () => {
    const port = await portOf(start({ requestTimeoutMs: 200 }));
    const slow = connect(port, "127.0.0.1");
    const answered = text(slow);
    slow.write("GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(200);
    expect(await answered).toMatch(/^HTTP\/1\.1 408 [^]*request-timeout/);
  });

  it("from a client that ends its side are answered all the same, or cut off", async () => {
    const port = await portOf(start());
    const half = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    half.end("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await text(half)).toMatch(/^$|^HTTP\/1\.1 200 /);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(200);
  });
});
