import { createEventBus, type EventBus, type Subscription } from "../../src/bus/index.ts";
import { resolveConfig } from "../../src/config/index.ts";
import { createDiagnostics, type Diagnostics } from "../../src/diagnostics/index.ts";
import { createHandler, type Handler } from "../../src/http/create-handler.ts";
import type { HandlerOptions } from "../../src/http/handler-options.ts";
import type { RequestOrigin } from "../../src/http/request-origin.ts";
import type { HealthStatus } from "../../src/runtime/observability.ts";
import { createAuditLog } from "../../src/sinks/audit-log/create-audit-log.ts";
import { createEventMetrics } from "../../src/sinks/event-metrics/index.ts";
import { createSessionMetrics } from "../../src/sinks/session-metrics/index.ts";

export const HEALTH: HealthStatus = {
  status: "healthy",
  active_sessions: 2,
  prometheus: "serving",
  langfuse: "disabled",
  sinks: { log: { state: "failing", lastError: "disk full" } },
};

export const LOOPBACK: RequestOrigin = { via: "loopback", client: "127.0.0.1" };

export interface RestHandlerOptions extends Partial<Omit<HandlerOptions, "config">> {
  readonly config?: Partial<HandlerOptions["config"]>;
}

export interface RestHandler {
  readonly handler: Handler;
  readonly bus: EventBus;
  readonly diagnostics: Diagnostics;
  /** Lines that were written about problems. */
  readonly problems: readonly string[];
  /** Asks as from this machine, or as `origin` says. */
  get(path: string, init?: RequestInit, origin?: RequestOrigin): Promise<Response>;
}

/** The handler over a real bus and the real parts that listen to it, without a runtime around. */
export function createRestHandler({ config, ...options }: RestHandlerOptions = {}): RestHandler {
  const problems: string[] = [];
  const diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
  const bus = createEventBus(diagnostics);
  const subscribe = (subscription: Subscription) => bus.subscribe(subscription);
  const defaults = resolveConfig(undefined, {}).config;
  const audit = createAuditLog({ ...defaults.audit, shutdownLimitMs: 1_000, diagnostics });
  const events = createEventMetrics({ maxNames: 100 });
  const sessions = createSessionMetrics({
    maxSessions: 1_000,
    maxRequests: 50,
    retentionMs: 3_600_000,
    now: () => performance.now(),
    diagnostics,
    subscribe: (sink) => subscribe({ ...sink, handle: (event) => sink.handle(event) }),
  });
  for (const sink of [audit, sessions, events]) {
    subscribe({ ...sink, handle: (event) => sink.handle(event) });
  }
  const handler = createHandler({
    renderMetrics: async () => ({ contentType: "text/plain; version=0.0.4", body: "rlm_size 1\n" }),
    health: async () => HEALTH,
    rest: {
      statistics: () => bus.statistics,
      subscribe,
      auditLog: audit.log,
      sessionMetrics: sessions.metrics,
      eventMetrics: events.metrics,
    },
    diagnostics,
    now: () => performance.now(),
    ...options,
    config: {
      tokens: undefined,
      protectMetrics: false,
      allowUnauthenticatedMount: false,
      basePath: undefined,
      maxRequestsPerMinute: 1_000_000,
      ...config,
    },
  });
  return {
    handler,
    bus,
    diagnostics,
    problems,
    get: (path, init, origin = LOOPBACK) =>
      handler.answer(new Request(`http://127.0.0.1:9464${path}`, init), origin),
  };
}
