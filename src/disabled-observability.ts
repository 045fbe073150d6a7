import { approvalIdOf, unobservedApproval } from "./activities/index.ts";
import { createMonitoredLlm } from "./clients/index.ts";
import { shippedDashboard } from "./dashboard-asset.ts";
import type { HealthStatus, Observability } from "./runtime/observability.ts";

const HEALTH: HealthStatus = {
  status: "stopped",
  active_sessions: 0,
  prometheus: "disabled",
  langfuse: "disabled",
  sinks: {},
};

/** The facade with nothing behind it: the application runs as if it were not there. */
export function createDisabledObservability(): Observability {
  return {
    observe: (client) => client,
    unobserve: (client) => client,
    fetch: globalThis.fetch,
    createMonitoredLlm: (provider, model, options = {}) =>
      createMonitoredLlm({ ...options, provider, model, fetch: globalThis.fetch }),
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
    endSession: () => {},
    subscribe: () => () => {},
    score: async () => {},
    auditLog: { query: async () => ({ records: [] }) },
    handler: async () => new Response("Observability is switched off.\n", { status: 503 }),
    ready: async () => ({ state: "disabled" }),
    generateGrafanaDashboard: (options = {}) => shippedDashboard(options),
    getHealthStatus: async () => HEALTH,
    forceFlush: async () => {},
    shutdown: async () => ({ lost: {}, openOperations: 0, timedOut: false }),
  };
}
