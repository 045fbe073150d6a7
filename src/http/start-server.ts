import { createServer, type Server, type ServerResponse } from "node:http";
import type { getRequestListener } from "@hono/node-server";
import { type Diagnostics, loadLater } from "../diagnostics/index.ts";
import type { ServerStatus } from "../runtime/observability.ts";
import { isAllowedHost } from "./host-guard.ts";
import { problem } from "./problem.ts";

export interface StartServerOptions {
  readonly handler: (request: Request) => Promise<Response>;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly diagnostics: Diagnostics;
}

export interface RunningServer {
  /** Resolves when it listens, or could not be started. */
  readonly status: Promise<ServerStatus>;
  close(): Promise<void>;
}

/** What one request may take, from its first byte to its last. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Serves the handler. It does not keep the process alive, and a port that is taken is reported, not thrown. */
export function startServer({
  handler,
  host,
  port,
  diagnostics,
}: StartServerOptions): RunningServer {
  const listenHost = host.replace(/^\[|\]$/g, "");
  const listener = loadLater("server", () => createListener(handler, listenHost), diagnostics);
  const server = createServer((incoming, outgoing) => {
    void listener().then(
      (listen) => listen(incoming, outgoing),
      () => refuse(outgoing),
    );
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = REQUEST_TIMEOUT_MS;

  const status = new Promise<ServerStatus>((resolve) => {
    server.once("listening", () => resolve({ state: "listening", url: urlOf(server, listenHost) }));
    server.on("error", (error: NodeJS.ErrnoException) => {
      const message = explain(error, listenHost, port);
      diagnostics.warnOnce("server", error.code ?? error.name, message);
      diagnostics.dropped("server", "unavailable", 1);
      resolve({ state: "failed", error: message });
    });
  });
  // exclusive: the workers of a cluster would share the port, and each scrape would meet another one
  server.listen({ port, host: listenHost, exclusive: true });
  server.unref();

  return {
    status,
    async close() {
      // before it listens there is nothing to close, and it would listen afterwards
      await status;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** Loaded for the first request: most of what serving needs is not needed to listen. */
async function createListener(
  handler: StartServerOptions["handler"],
  listenHost: string,
): Promise<ReturnType<typeof getRequestListener>> {
  const { getRequestListener: toListener } = await import("@hono/node-server");
  const answer = (request: Request) =>
    isAllowedHost(request.headers.get("host"), listenHost)
      ? handler(request)
      : problem(403, "This server answers to local names only");
  // its own `Request` and `Response` must not replace those of the program around it
  return toListener(answer, { overrideGlobalObjects: false });
}

function refuse(outgoing: ServerResponse): void {
  outgoing.writeHead(500).end();
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const name = host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): string {
  const where = `${host}:${port}`;
  switch (error.code) {
    case "EADDRINUSE":
      return (
        `port ${port} is taken, so /metrics is not served; calls are observed all the same. ` +
        "Set OTEL_EXPORTER_PROMETHEUS_PORT (0 takes any free port), or mount obs.handler in your own server."
      );
    case "EACCES":
      return `not allowed to listen on ${where}; set OTEL_EXPORTER_PROMETHEUS_PORT to 1024 or above.`;
    default:
      return `could not listen on ${where} (${error.code ?? error.name}); check OTEL_EXPORTER_PROMETHEUS_HOST.`;
  }
}
