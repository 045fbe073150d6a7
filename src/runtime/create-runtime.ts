import { ActivityTracker, Alerts, Approvals } from "../activities/index.ts";
import { createEventBus, type EventBus } from "../bus/index.ts";
import { CallStore, CallTracker, type Price } from "../calls/index.ts";
import { ClientObserver, FetchObserver, originalOf, watchBlindSpots } from "../clients/index.ts";
import type { ResolvedConfig } from "../config/index.ts";
import { createDiagnostics, type Diagnostics } from "../diagnostics/index.ts";
import { createEvent, type SinkHealth } from "../events/index.ts";
import { createPricer, type Pricer } from "../pricing/index.ts";
import { semconvProfiles } from "../semconv/index.ts";
import { createLangfuseScores, type LangfuseScores } from "../sinks/langfuse/index.ts";
import { createActivityAround, createSpanAround } from "../sinks/spans/index.ts";
import { createContentPolicy } from "./content-policy.ts";
import { createSinks, type Sinks } from "./create-sinks.ts";
import type { ShutdownReport } from "./observability.ts";
import { type OtelRuntime, startOtel } from "./otel.ts";
import { packageVersion } from "./package-version.ts";
import { credentialsOf } from "./span-destinations.ts";
import { within } from "../timing/index.ts";

/** Everything that observes, wired together. */
export interface Runtime {
  readonly store: CallStore;
  readonly clients: ClientObserver;
  readonly fetches: FetchObserver;
  readonly activities: ActivityTracker;
  readonly approvals: Approvals;
  readonly alerts: Alerts;
  readonly bus: EventBus;
  readonly otel: OtelRuntime;
  readonly sinks: Sinks;
  /** Missing without Langfuse keys. */
  readonly scores: LangfuseScores | undefined;
  readonly diagnostics: Diagnostics;
  /** What every destination says of itself. */
  health(): Readonly<Record<string, SinkHealth>>;
  /** The event loop has nothing left: what is under way is ended, what waits is sent. Never rejects. */
  processEnds(): Promise<void>;
  /** Bounded by the configured deadline; never rejects. */
  forceFlush(): Promise<void>;
  /** Once; later calls get the same report. */
  shutdown(): Promise<ShutdownReport>;
}

/** The composition root. */
export function createRuntime(config: ResolvedConfig): Runtime {
  const version = packageVersion();
  const diagnostics: Diagnostics = createDiagnostics({
    onProblem: (component, message) =>
      bus.publish(createEvent("system_error", { component, message }, Date.now())),
  });
  const bus = createEventBus(diagnostics);
  const otel = startOtel(config, diagnostics, version);
  const scores = createScores(config, diagnostics);
  const pricer = createPricer({ ...config.pricing, diagnostics });
  const profile = semconvProfiles[config.semconv];
  const store = new CallStore();
  const fetch = originalOf(globalThis.fetch);
  const sinks = createSinks({ config, bus, otel, pricer, diagnostics, version, fetch });
  const tracker = new CallTracker({
    publish: bus.publish,
    around: createSpanAround(otel.tracer, diagnostics, profile),
    price: priceBy(pricer),
    diagnostics,
    idleLimitMs: config.idleLimitMs,
  });
  const around = createActivityAround(otel.tracer, diagnostics, profile);
  const content = createContentPolicy(config, diagnostics);
  const surroundings = { store, publish: bus.publish, around, diagnostics };
  const activities = new ActivityTracker({ ...surroundings, content });
  const approvals = new Approvals(surroundings);
  const alerts = new Alerts(surroundings);
  const { includeUsage, estimateUsage, providers } = config;
  const fetches = new FetchObserver({
    store,
    tracker,
    diagnostics,
    content,
    includeUsage,
    estimateUsage,
    providers,
  });
  const clients = new ClientObserver(fetches, store, diagnostics);
  const stopWatching = watchBlindSpots({ store, diagnostics });
  const limitMs = config.shutdownTimeoutMs;
  // each destination counts what it could not send before the whole is given up
  const destinationLimitMs = limitMs * 0.9;
  let report: Promise<ShutdownReport> | undefined;

  async function forceFlush(): Promise<void> {
    await within(
      limitMs,
      Promise.allSettled([
        otel.forceFlush(destinationLimitMs),
        scores?.flush(destinationLimitMs) ?? Promise.resolve(),
        bus.forceFlush(),
        sinks.subscribed.forceFlush(),
      ]),
    );
  }

  async function close(): Promise<ShutdownReport> {
    stopWatching();
    const openOperations = tracker.shutdown();
    approvals.shutdown();
    activities.shutdown();
    sinks.sessions.endAll();
    bus.publish(createEvent("system_stopped", { lost: totalLost(diagnostics) }, Date.now()));
    const sent = within(
      limitMs,
      Promise.allSettled([
        otel.shutdown(destinationLimitMs),
        scores?.shutdown(destinationLimitMs) ?? Promise.resolve(),
      ]),
    );
    // a new store has its own, larger limit, once
    await sinks.finishOpening();
    const closed = within(
      limitMs,
      Promise.allSettled([bus.forceFlush(), sinks.subscribed.shutdown()]),
    );
    const finished = (await sent) && (await closed);
    bus.shutdown();
    sinks.exposition.close();
    return { lost: lossesOf(diagnostics), openOperations, timedOut: !finished };
  }

  bus.publish(createEvent("system_started", { version }, Date.now()));
  return {
    store,
    clients,
    fetches,
    activities,
    approvals,
    alerts,
    bus,
    otel,
    sinks,
    scores,
    diagnostics,
    health: () => ({ ...healthOf(sinks), ...otel.health() }),
    forceFlush,
    async processEnds() {
      tracker.endOpen();
      await forceFlush();
      await sinks.processEnds();
    },
    shutdown: () => (report ??= close()),
  };
}

function priceBy(pricer: Pricer): Price {
  return ({ provider, model, responseModel, serverAddress, serviceTier }, usage, atMs) =>
    pricer.price({
      provider,
      model,
      responseModel,
      serverAddress,
      serviceTier,
      usage,
      at: new Date(atMs),
    });
}

function createScores(
  { langfuse, environment }: ResolvedConfig,
  diagnostics: Diagnostics,
): LangfuseScores | undefined {
  const credentials = credentialsOf(langfuse);
  if (credentials === undefined) return undefined;
  const { timeoutMs } = langfuse;
  return createLangfuseScores({ ...credentials, environment, timeoutMs, diagnostics });
}

function healthOf(sinks: Sinks): Record<string, SinkHealth> {
  const entries = sinks.all.flatMap((sink) => (sink.health ? [[sink.name, sink.health()]] : []));
  return Object.fromEntries(entries) as Record<string, SinkHealth>;
}

/** A server that could not start is counted, too, but nothing was lost by it. */
function lossCounters({ counters }: Diagnostics) {
  return [...counters.dropped.values()].filter(({ destination }) => destination !== "server");
}

function lossesOf(diagnostics: Diagnostics): Record<string, number> {
  return Object.fromEntries(
    lossCounters(diagnostics).map(({ destination, reason, count }) => [
      `${destination}:${reason}`,
      count,
    ]),
  );
}

function totalLost(diagnostics: Diagnostics): number {
  return lossCounters(diagnostics).reduce((sum, { count }) => sum + count, 0);
}
