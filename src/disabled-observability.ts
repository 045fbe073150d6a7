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
    withContext: (_context, fn) => fn(),
    startSession: () => {},
    endSession: () => {},
    subscribe: () => () => {},
    score: async () => {},
    handler: async () => new Response("Observability is switched off.\n", { status: 503 }),
    ready: async () => ({ state: "disabled" }),
    generateGrafanaDashboard: (options = {}) => shippedDashboard(options),
    getHealthStatus: async () => HEALTH,
    forceFlush: async () => {},
    shutdown: async () => ({ lost: {}, openOperations: 0, timedOut: false }),
  };
}
