import type { EventBus } from "../bus/index.ts";
import { monotonicNow } from "../calls/index.ts";
import type { Fetch } from "../clients/index.ts";
import type { ResolvedConfig } from "../config/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import type { Sink } from "../events/index.ts";
import type { Pricer } from "../pricing/index.ts";
import { createRecorder } from "../recorder/index.ts";
import { HeardInstances } from "../replay/index.ts";
import { semconvProfiles } from "../semconv/index.ts";
import { type AgentContext, createAgentContext } from "../sinks/agent-context/index.ts";
import { type AuditLog, createMemoryAuditLog } from "../sinks/audit-log/index.ts";
import { createEventMetrics, type EventMetrics } from "../sinks/event-metrics/index.ts";
import type { EventStore } from "../sinks/event-store/index.ts";
import { createJsonLog } from "../sinks/json-log/index.ts";
import {
  createExpositionLater,
  createMetricsSink,
  type Exposition,
  selfSources,
} from "../sinks/metrics/index.ts";
import { createSessionMetrics, type SessionMetrics } from "../sinks/session-metrics/index.ts";
import { createSessions, type Sessions } from "../sinks/sessions/index.ts";
import { createWebhook } from "../sinks/webhook/index.ts";
import type { OtelRuntime } from "./otel.ts";
import { findRecordingThread } from "./find-recording-thread.ts";
import { recordingOptions } from "./recording-options.ts";
import { createStandardMetrics, type StandardMetrics } from "./standard-metrics.ts";
import { SubscribedSinks } from "./subscribed-sinks.ts";

export interface SinkPorts {
  readonly config: ResolvedConfig;
  readonly bus: EventBus;
  readonly otel: OtelRuntime;
  readonly pricer: Pricer;
  readonly diagnostics: Diagnostics;
  readonly version: string;
  /** For the webhook; never an observed one. */
  readonly fetch: Fetch;
}

export interface Sinks {
  /** In the order in which they are to be closed. */
  readonly all: readonly Sink[];
  readonly agentContext: AgentContext;
  readonly auditLog: AuditLog;
  readonly eventMetrics: EventMetrics;
  readonly sessionMetrics: SessionMetrics;
  /** Missing unless events are kept. */
  readonly eventStore: EventStore | undefined;
  /** Before the shutdown: what takes longer once, and must not be cut off; see `EventStoreSink`. */
  finishOpening(): Promise<void>;
  /** After a flush: what must not be cut off by an end that nobody asked for. */
  processEnds(): Promise<void>;
  readonly sessions: Sessions;
  readonly exposition: Exposition;
  readonly standardMetrics: StandardMetrics;
  readonly subscribed: SubscribedSinks;
}

/** Builds every built-in sink that the configuration asks for, and subscribes it. */
export function createSinks(ports: SinkPorts): Sinks {
  const { config, bus, otel, pricer, diagnostics } = ports;
  const profile = semconvProfiles[config.semconv];
  const metrics = createMetricsSink({
    maxLabelValues: config.metrics.maxLabelValues,
    profile,
    ifPriced: (call, then) => pricer.ifKnown(call, then),
  });
  const sessions = createSessions({
    publish: bus.publish,
    now: monotonicNow,
    maxActive: config.sessions.maxActive,
    idleMs: config.sessions.idleMs,
  });
  const standardMetrics = createStandardMetrics({
    resource: otel.resource,
    maxLabelValues: config.metrics.maxLabelValues,
    profile,
    diagnostics,
  });
  const heard = config.events.redis === undefined ? undefined : new HeardInstances();
  const recorder = createRecorder({
    recording: recordingOptions(config),
    findThread: findRecordingThread,
    publishRemote(event) {
      heard?.note(event.id);
      bus.publishRemote(event);
    },
    diagnostics,
    // each of them is done before
    limitMs: config.shutdownTimeoutMs * 0.95,
  });
  const { store: eventStore, log, redis } = recorder;
  const audit = recorder.audit ?? createMemoryAuditLog(config.audit.maxInMemory);
  const { evictedRecords, agentContext, eventMetrics, sessionMetrics } = createCollectors(
    ports,
    heard,
  );
  const collectors = [agentContext, eventMetrics, sessionMetrics];
  const fixed = [sessions, audit, metrics, standardMetrics.sink, ...collectors];
  const all = [
    ...fixed,
    ...(eventStore ? [eventStore] : []),
    ...(log ? [log] : []),
    ...optionalSinks(ports, log !== undefined),
    ...(redis ? [redis] : []),
  ];
  // a handler that hangs leaves its sink time to close
  const subscribed = new SubscribedSinks(bus, all, config.shutdownTimeoutMs * 0.5);
  const families = [...Object.values(metrics.families), ...metrics.standardFamilies];
  const exposition = createExpositionLater(
    {
      process: config.metrics.process,
      sources: [
        ...families,
        ...selfSources({
          limiters: [
            ...families.map(({ definition, limiter }) => ({ metric: definition.name, limiter })),
            { metric: "gen_ai_client", limiter: standardMetrics.limiter },
            ...eventMetrics.limiters.map((limiter) => ({ metric: eventMetrics.name, limiter })),
          ],
          bus,
          counters: diagnostics.counters,
          activeSessions: () => sessions.activeCount(),
          evictedRecords,
          build: { version: ports.version, priceTable: () => pricer.tableVersion },
        }),
      ],
    },
    diagnostics,
  );
  return {
    all,
    subscribed,
    agentContext: agentContext.context,
    auditLog: audit.log,
    eventMetrics: eventMetrics.metrics,
    sessionMetrics: sessionMetrics.metrics,
    eventStore: eventStore?.store,
    finishOpening: async () => eventStore?.finishOpening(),
    processEnds: () => recorder.processEnds(),
    sessions,
    exposition,
    standardMetrics,
  };
}

/** What an application, and the REST API, can ask for the state of. */
function createCollectors({ config, bus, diagnostics }: SinkPorts, heard?: HeardInstances) {
  const { maxActive: maxSessions, maxRequests, retentionMs } = config.sessions;
  const evictedRecords = new Map<string, number>();
  const onEvicted = (record: string) =>
    void evictedRecords.set(record, (evictedRecords.get(record) ?? 0) + 1);
  const bounds = { maxSessions, retentionMs, now: monotonicNow, onEvicted };
  return {
    evictedRecords,
    agentContext: createAgentContext(bounds),
    eventMetrics: createEventMetrics({ maxNames: config.metrics.maxLabelValues, heard }),
    sessionMetrics: createSessionMetrics({
      ...bounds,
      heard,
      maxRequests,
      diagnostics,
      subscribe: (field) => bus.subscribe(field),
    }),
  };
}

function optionalSinks({ config, diagnostics, fetch }: SinkPorts, hasLog: boolean): Sink[] {
  const sinks: Sink[] = [];
  // they count what they could not send before the whole shutdown is given up
  const shutdownLimitMs = config.shutdownTimeoutMs * 0.9;
  if (!hasLog && config.log.destination !== "off")
    sinks.push(createJsonLog({ ...config.log, diagnostics }));
  const { url, timeoutMs, minIntervalMs } = config.webhook;
  if (url !== undefined) {
    const options = { url, timeoutMs, minIntervalMs, shutdownLimitMs };
    sinks.push(createWebhook({ ...options, diagnostics, fetch }));
  }
  return sinks;
}
