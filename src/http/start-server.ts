import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Diagnostics } from "../diagnostics/index.ts";
import type { ServerStatus } from "../runtime/observability.ts";
import { answerBadBytes } from "./bad-bytes.ts";
import { isAllowedHost, isLoopbackHost } from "./host-guard.ts";
import { createNodeListener } from "./node-listener.ts";
import type { Answer } from "./request-origin.ts";

export interface StartServerOptions {
  readonly answer: Answer;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly diagnostics: Diagnostics;
  /** What one request may take, from its first byte to its last; default 10,000. */
  readonly requestTimeoutMs?: number;
}

export interface RunningServer {
  /** Resolves when it listens, or could not be started. */
  readonly status: Promise<ServerStatus>;
  close(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 10_000;

/** Streams, scrapes and idle connections together; one more is refused. */
const MAX_CONNECTIONS = 2_048;

/** Serves the handler. It does not keep the process alive, and a port that is taken is reported, not thrown. */
export function startServer(options: StartServerOptions): RunningServer {
  const { host, port, diagnostics } = options;
  const listenHost = host.replace(/^\[|\]$/g, "");
  const server = createHttpServer(options, listenHost);

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
      // what the streams end with is on its way
      await new Promise(setImmediate);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function createHttpServer(options: StartServerOptions, listenHost: string): Server {
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, diagnostics } = options;
  const listen = createNodeListener(marked(options.answer, listenHost), diagnostics);
  const via = isLoopbackHost(listenHost) ? "loopback" : "network";
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse) =>
    listen(incoming, outgoing, { via, client: incoming.socket.remoteAddress });
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 5),
      // a request without one is answered here, with a problem
      requireHostHeader: false,
    },
    handle,
  );
  server.maxConnections = MAX_CONNECTIONS;
  // Node.js itself would answer 417 without a word
  server.on("checkExpectation", handle);
  // a stream that somebody watches, or a scrape under way, is no reason to stay
  server.on("connection", (socket) => void socket.unref());
  answerBadBytes(server);
  return server;
}

function marked(answer: Answer, listenHost: string): Answer {
  return (request, origin) =>
    isAllowedHost(request.headers.get("host"), listenHost)
      ? answer(request, origin)
      : answer(request, { ...origin, foreignHost: true });
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
