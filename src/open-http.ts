import { monotonicNow } from "./calls/index.ts";
import type { ResolvedConfig } from "./config/index.ts";
import {
  createHandler,
  createMetricsPage,
  createNodeHandler,
  type Handler,
  type HandlerOptions,
  type RunningServer,
  startServer,
  warnOfClosedRest,
} from "./http/index.ts";
import type { Runtime } from "./runtime/create-runtime.ts";
import { healthStatus } from "./runtime/health-status.ts";
import type { Observability, ServerStatus } from "./runtime/observability.ts";

/** What of the facade is reached by HTTP. */
export interface HttpDoors extends Pick<
  Observability,
  "handler" | "nodeHandler" | "ready" | "getHealthStatus"
> {
  readonly closeHttp: () => Promise<void>;
}

const DISABLED: ServerStatus = { state: "disabled" };

/** Opens the server that the configuration asks for, and what can be mounted in others. */
export function openHttp(
  runtime: Runtime,
  config: ResolvedConfig,
  isStopped: () => boolean,
): HttpDoors {
  const { diagnostics, otel, sinks } = runtime;
  const getHealthStatus: Observability["getHealthStatus"] = async () => {
    await otel.probe();
    return healthStatus({
      stopped: isStopped(),
      activeSessions: sinks.sessions.activeCount(),
      server: await ready,
      sinks: runtime.health(),
    });
  };
  const handler = createHandler({
    renderMetrics: createMetricsPage({
      product: sinks.exposition,
      otel: async () => (isStopped() ? "" : sinks.standardMetrics.text()),
      diagnostics,
    }),
    health: getHealthStatus,
    rest: restPorts(runtime),
    config: config.server,
    diagnostics,
    now: monotonicNow,
  });
  const server = startListening(handler, runtime, config);
  const ready = server?.status ?? Promise.resolve(DISABLED);

  return {
    handler: (request) => handler.answer(request, { via: "mount" }),
    nodeHandler: createNodeHandler(handler.answer, diagnostics),
    ready: () => ready,
    getHealthStatus,
    async closeHttp() {
      await handler.close();
      await server?.close();
    },
  };
}

function restPorts({ bus, sinks }: Runtime): HandlerOptions["rest"] {
  const { auditLog, sessionMetrics, eventMetrics } = sinks;
  return {
    auditLog,
    sessionMetrics,
    eventMetrics,
    statistics: () => bus.statistics,
    subscribe: (subscription) => bus.subscribe(subscription),
  };
}

function startListening(
  { answer }: Handler,
  { diagnostics }: Runtime,
  { server }: ResolvedConfig,
): RunningServer | undefined {
  if (!server.enabled) return undefined;
  warnOfClosedRest(server, diagnostics);
  return startServer({ answer, host: server.host, port: server.port, diagnostics });
}
