import { approvalIdOf, unobservedApproval } from "./activities/index.ts";
import { createEventBus } from "./bus/index.ts";
import { checkOptions } from "./check-options.ts";
import { createMonitoredLlm } from "./clients/index.ts";
import { shippedDashboard } from "./dashboard-asset.ts";
import { createDiagnostics } from "./diagnostics/index.ts";
import type { HealthStatus, Observability } from "./runtime/observability.ts";
import { createAgentContext } from "./sinks/agent-context/index.ts";
import { createEventMetrics } from "./sinks/event-metrics/index.ts";
import { createSessionMetrics } from "./sinks/session-metrics/index.ts";
import { createSubscriptions } from "./runtime/subscriptions.ts";

const HEALTH: HealthStatus = {
  status: "stopped",
  active_sessions: 0,
  prometheus: "disabled",
  langfuse: "disabled",
  sinks: {},
};

const SWITCHED_OFF = "Observability is switched off.\n";

/** The facade with nothing behind it: the application runs as if it were not there. */
export function createDisabledObservability(): Observability {
  return {
    observe(client, options) {
      checkOptions("observe", options);
      return client;
    },
    unobserve: (client) => client,
    fetch: globalThis.fetch,
    createMonitoredLlm(provider, model, options) {
      checkOptions("createMonitoredLlm", options);
      return createMonitoredLlm({ ...options, provider, model, fetch: globalThis.fetch });
    },
    session: (_id, fn) => fn(),
    agent: (_agent, fn) => fn(),
    tool: (_tool, fn) => fn(),
    retrieval: (_source, fn) => fn(),
    workflow: (_name, fn) => fn(),
    hitl: { request: (approval) => unobservedApproval(approvalIdOf(approval)) },
    withContext: (_context, fn) => fn(),
    startSession: () => {},
    updateSession: () => {},
    addSessionMessage: () => {},
    alert: () => {},
    switchAgent: () => {},
    endSession: () => {},
    ...createSubscriptions(createEventBus(createDiagnostics())),
    score: async () => {},
    ...createIdleCollectors(),
    eventStore: undefined,
    auditLog: {
      query: async () => ({ records: [] }),
      forceFlush: async () => undefined,
      head: () => undefined,
    },
    handler: async () => new Response(SWITCHED_OFF, { status: 503 }),
    nodeHandler: (_request, response, next?: () => void) => {
      if (next) return next();
      const outgoing = "raw" in response ? response.raw : response;
      if ("hijack" in response) response.hijack();
      outgoing.writeHead(503, { "content-type": "text/plain" }).end(SWITCHED_OFF);
    },
    ready: async () => ({ state: "disabled" }),
    generateGrafanaDashboard: (options = {}) => shippedDashboard(options),
    getHealthStatus: async () => HEALTH,
    forceFlush: async () => {},
    shutdown: async () => ({ lost: {}, openOperations: 0, timedOut: false }),
  };
}

/** They count nothing, as nobody tells them anything. */
function createIdleCollectors() {
  const bounds = { maxSessions: 1, retentionMs: 1, now: () => 0 };
  const diagnostics = createDiagnostics();
  return {
    sessionMetrics: createSessionMetrics({
      ...bounds,
      maxRequests: 0,
      diagnostics,
      subscribe: () => () => {},
    }).metrics,
    eventMetrics: createEventMetrics({ maxNames: 1 }).metrics,
    agentContext: createAgentContext(bounds).context,
  };
}
