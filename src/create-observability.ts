import {
  carryInto,
  describeAgent,
  describeRetrieval,
  describeTool,
  describeWorkflow,
  givenToRetrieval,
  givenToTool,
} from "./activities/index.ts";
import type { EventBus } from "./bus/index.ts";
import { checkOptions } from "./check-options.ts";
import { createMonitoredLlm, originalOf } from "./clients/index.ts";
import { type ObservabilityOptions, resolveConfig, type ResolvedConfig } from "./config/index.ts";
import type { CallContext } from "./events/index.ts";
import { ObservabilityError } from "./errors/index.ts";
import { shippedDashboard } from "./dashboard-asset.ts";
import { createDisabledObservability } from "./disabled-observability.ts";
import { openHttp } from "./open-http.ts";
import { sendBeforeExit } from "./runtime/before-exit.ts";
import { createRuntime, type Runtime } from "./runtime/create-runtime.ts";
import type { Observability } from "./runtime/observability.ts";
import { createSubscriptions } from "./runtime/subscriptions.ts";

/**
 * Starts observing, by `options`, the environment and defaults, in this order. Nothing it does later can make a call
 * of the application fail.
 * @throws CONFIGURATION_INVALID, naming every option in `options` that is wrong
 */
export function createObservability(options?: ObservabilityOptions): Observability {
  const { config, warnings } = resolveConfig(options, process.env);
  if (!config.enabled) return createDisabledObservability();
  const runtime = createRuntime(config);
  for (const warning of warnings) runtime.diagnostics.warnOnce("configuration", warning, warning);
  return createFacade(runtime, config);
}

function createFacade(runtime: Runtime, config: ResolvedConfig): Observability {
  const { store, clients, fetches, activities, approvals, alerts, bus, sinks } = runtime;
  let stopped = false;
  const { closeHttp, ...http } = openHttp(runtime, config, () => stopped);
  const stopWatchingEnd = sendBeforeExit({
    end: () => runtime.processEnds(),
    flush: () => runtime.forceFlush(),
    activity: () => publishedByApplication(bus),
  });

  function startSession(id: string, metadata?: CallContext["metadata"]): void {
    if (!stopped) sinks.sessions.start(id, metadata, store.context.userId);
  }

  function withContext<T>(context: CallContext, fn: () => T): T {
    return store.withContext(context, () => carryInto(fn(), () => store.capture()));
  }

  return {
    observe(client, options) {
      checkOptions("observe", options);
      return stopped ? client : clients.observe(client, options);
    },
    unobserve: (client) => clients.unobserve(client),
    fetch: fetches.observe(originalOf(globalThis.fetch)),
    createMonitoredLlm(provider, model, options) {
      checkOptions("createMonitoredLlm", options);
      const fetch = fetches.observe(originalOf(globalThis.fetch), { provider });
      return createMonitoredLlm({ ...options, provider, model, fetch });
    },
    session(id, fn) {
      startSession(id);
      return withContext({ sessionId: id }, fn);
    },
    agent: (agent, fn) => activities.run((around) => describeAgent(agent, around), fn),
    tool(tool, fn) {
      return activities.run(
        (around) => describeTool(tool, around),
        fn,
        () => givenToTool(tool),
      );
    },
    retrieval(source, fn) {
      const given = () => givenToRetrieval(source);
      return activities.run((around) => describeRetrieval(source, around), fn, given);
    },
    workflow: (name, fn) => activities.run((around) => describeWorkflow(name, around), fn),
    hitl: { request: (approval) => approvals.request(approval) },
    withContext,
    startSession,
    updateSession(id, update) {
      if (!stopped) sinks.sessions.update(id, update);
    },
    addSessionMessage(id, message) {
      if (!stopped) sinks.sessions.addMessage(id, message);
    },
    alert(alert) {
      if (!stopped) alerts.raise(alert);
    },
    switchAgent(to, from) {
      const { activity, context } = store;
      const { sessionId = "" } = context;
      const current = activity?.agent ?? sinks.agentContext.current(sessionId)?.agent;
      activities.switchAgent(to, from ?? current);
    },
    endSession: (id) => sinks.sessions.end(id),
    ...createSubscriptions(bus),
    async score(score) {
      if (runtime.scores === undefined) throw langfuseDisabled();
      await runtime.scores.score(score);
    },
    sessionMetrics: sinks.sessionMetrics,
    eventMetrics: sinks.eventMetrics,
    agentContext: sinks.agentContext,
    auditLog: sinks.auditLog,
    eventStore: sinks.eventStore,
    ...http,
    generateGrafanaDashboard: (options = {}) => shippedDashboard(options),
    forceFlush: () => runtime.forceFlush(),
    async shutdown() {
      stopped = true;
      stopWatchingEnd();
      const report = await runtime.shutdown();
      await closeHttp();
      return report;
    },
  };
}

/** An export that fails at the end says so by an event, which is no reason to try again. */
function publishedByApplication({ statistics }: EventBus): number {
  const { totalPublished, publishedByType } = statistics;
  return totalPublished - (publishedByType.get("system_error") ?? 0);
}

function langfuseDisabled(): ObservabilityError {
  return new ObservabilityError(
    "LANGFUSE_DISABLED",
    "score() needs Langfuse; set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY.",
  );
}
