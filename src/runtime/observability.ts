import type {
  AgentSpec,
  Approval,
  ApprovalSpec,
  RetrievalSpec,
  ToolSpec,
} from "../activities/index.ts";
import type { BusStatistics } from "../bus/index.ts";
import type { MonitoredLlm, MonitoredLlmOptions } from "../clients/index.ts";
import type {
  CallContext,
  Event,
  EventCategory,
  EventType,
  SessionMessageAddedData,
  SessionUpdatedData,
  SinkHealth,
  SystemAlertData,
} from "../events/index.ts";
import type { AgentContext } from "../sinks/agent-context/index.ts";
import type { MiddlewareOptions, SubscribedEvent, SubscribeOptions } from "./subscribe-options.ts";
import type { EventStore } from "../sinks/event-store/index.ts";
import type { AuditLog } from "../sinks/audit-log/index.ts";
import type { EventMetrics } from "../sinks/event-metrics/index.ts";
import type { SessionMetrics } from "../sinks/session-metrics/index.ts";
import type { NodeHandler } from "./node-handler.ts";

/** The facade: everything an application needs. Made by `createObservability()`. */
export interface Observability {
  /**
   * Observes an SDK client in place and returns the same object: `OpenAI`, `AzureOpenAI`, `Anthropic`, `Ollama`, or any
   * other with a `fetch` of its own. Twice is a no-op.
   *
   * Anthropic's SDK traces itself where a global tracer provider exists. Its span is then the call's only one, and gets
   * the attributes of ours; a stream that is left early has them in events and metrics alone, as the SDK ends its span
   * before. This needs a context manager, which every Node.js set-up of OTel has; without one there are two spans, unless
   * the client has `openTelemetry: false`.
   * @throws CLIENT_NOT_OBSERVABLE; CONFIGURATION_INVALID for options that it doesn't have
   */
  observe<T extends object>(client: T, options?: ObserveOptions): T;
  /** Takes `observe()` back and returns the same object. */
  unobserve<T extends object>(client: T): T;
  /** The global `fetch`, observed: for SDKs that take a `fetch` option, or for plain calls. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * A minimal client of an OpenAI-compatible provider that needs no SDK.
   * @throws PROVIDER_UNKNOWN; CONFIGURATION_INVALID for options that it doesn't have
   */
  createMonitoredLlm(provider: string, model: string, options?: MonitoredLlmOptions): MonitoredLlm;
  /**
   * Runs `fn` so that every call in it belongs to session `id`; starts the session if it is new. The id is on all spans
   * inside, and there is no span of its own: `workflow()` inside has one.
   */
  session<T>(id: string, fn: () => T): T;
  /**
   * Runs `fn` as an agent. LLM calls, tools and further agents in it belong to it: across `await`, timers, and in the
   * stream that it returns, with whose end the agent ends. `fn` runs once; what it returns, throws or rejects with is
   * handed on.
   */
  agent<T>(agent: string | AgentSpec, fn: () => T): T;
  /**
   * Says that agent `to` takes over, where it is not entered inside the one that hands over: that is told anyway.
   * `from` is by default the agent around, else the one that the session is with.
   */
  switchAgent(to: string, from?: string): void;
  /**
   * Runs `fn` as a tool, as `agent()` does. `arguments` and its result are recorded only where content is captured in
   * full, redacted.
   */
  tool<T>(tool: string | ToolSpec, fn: () => T): T;
  /** Runs `fn` as a search in data of one's own, as `agent()` does; a string is the data source's id. */
  retrieval<T>(source: string | RetrievalSpec, fn: () => T): T;
  /** Runs `fn` as a workflow, as `agent()` does. */
  workflow<T>(name: string, fn: () => T): T;
  /** Decisions of people. Whether to wait for one, and what follows from it, is the application's own. */
  readonly hitl: {
    /** Says that a person is asked; a string is what is to be approved. The result takes what they decide. */
    request(approval: string | ApprovalSpec): Approval;
  };
  /** Runs `fn` with user, tags, metadata or a session; inner values win, tags and metadata are merged. */
  withContext<T>(context: CallContext, fn: () => T): T;
  startSession(id: string, metadata?: CallContext["metadata"]): void;
  /** Says something anew of a session; starts it if it is new. */
  updateSession(id: string, update: SessionUpdatedData): void;
  /** Says that something was said in a session; starts it if it is new. What was said is not recorded. */
  addSessionMessage(id: string, message: SessionMessageAddedData): void;
  endSession(id: string): void;
  /** Raises an alert of the application's own, as part of the agent, tool or session that it is raised in. */
  alert(alert: SystemAlertData): void;
  /**
   * Calls `handler` for every event, or for those of `types` and `categories`. What it throws or rejects with is counted
   * and reported, and reaches nobody else; what it returns is left alone, but that a promise is waited for before the
   * handler gets its next event. Returns a function that stops it, also by `using`.
   * @throws SUBSCRIPTION_INVALID for what can't be subscribed
   */
  subscribe<T extends EventType = never, C extends EventCategory = never>(
    handler: (event: SubscribedEvent<T, C>) => unknown,
    options?: SubscribeOptions<T, C>,
  ): Disposable & (() => void);
  /**
   * Shows each event to `middleware` before anything else sees it: metrics, log, audit, subscribers; spans don't come
   * from events. It returns the event, an enriched copy with the same `id`, `type`, `category` and `timestamp`, or
   * `undefined` to drop it. It is never waited for. Returns a function that takes it out again, also by `using`.
   * @throws SUBSCRIPTION_INVALID for what is no function
   */
  use(
    middleware: (event: Event) => Event | undefined,
    options?: MiddlewareOptions,
  ): Disposable & (() => void);
  /** What was published and handled since start, with each subscription's own figures. */
  getEventStatistics(): BusStatistics;
  /** Sends a score (user feedback, an evaluation) to Langfuse; needs the optional package `langfuse`. */
  score(score: Score): Promise<void>;
  /** What each session and each user has used: requests, tokens, cost, errors. */
  readonly sessionMetrics: SessionMetrics;
  /** What agents, tools and people did, in numbers. */
  readonly eventMetrics: EventMetrics;
  /** Which agent a session is with. */
  readonly agentContext: AgentContext;
  /** The events that were stored, also those of earlier runs and of other processes; `undefined` unless `events.store` is set. */
  readonly eventStore: EventStore | undefined;
  /** Every event of this process, recorded: by session, by type, by time. */
  readonly auditLog: AuditLog;
  /** `/metrics`, `/healthz` and the REST API as a fetch handler, to mount in any framework; see `docs/rest-api.md`. */
  readonly handler: (request: Request) => Promise<Response>;
  /** The same for Express, Fastify and plain `node:http`: `app.use("/observability", obs.nodeHandler)`. */
  readonly nodeHandler: NodeHandler;
  /** Resolves when the server listens, or could not be started; never rejects. */
  ready(): Promise<ServerStatus>;
  /**
   * The committed dashboard as JSON, with your title and metric prefix.
   * @throws CONFIGURATION_INVALID for options that it doesn't have
   */
  generateGrafanaDashboard(options?: DashboardOptions): Record<string, unknown>;
  getHealthStatus(): Promise<HealthStatus>;
  /** Sends all that waits, and waits for subscribers that are handling events. Bounded by `shutdownTimeoutMs`; never rejects. */
  forceFlush(): Promise<void>;
  /** Flushes, closes everything, and says what was lost. Idempotent; never rejects. */
  shutdown(): Promise<ShutdownReport>;
}

export interface ObserveOptions {
  /** GenAI provider name; default by host of the base URL. */
  readonly provider?: string;
  /** Beats the option `includeUsage` for this client. */
  readonly includeUsage?: boolean;
}

export interface Score {
  /** 32 hex digits, as on events and log lines. */
  readonly traceId: string;
  /** Span id, 16 hex digits; default the whole trace. */
  readonly observationId?: string;
  readonly name: string;
  readonly value: number | string;
  readonly comment?: string;
}

export interface DashboardOptions {
  readonly title?: string;
  /** Replaces the metric prefix `rlm_`, for metrics that were renamed on their way. */
  readonly prefix?: string;
}

export interface ServerStatus {
  readonly state: "listening" | "disabled" | "failed";
  /** Base URL, e.g. `http://127.0.0.1:9464`. */
  readonly url?: string;
  readonly error?: string;
}

export interface HealthStatus {
  /** `degraded`: calls are observed, and some destination fails. */
  readonly status: "healthy" | "degraded" | "stopped";
  readonly active_sessions: number;
  readonly prometheus: "serving" | "disabled" | "failed";
  readonly langfuse: "connected" | "disabled" | "unknown" | "failing";
  /** Every sink's own word. */
  readonly sinks: Readonly<Record<string, SinkHealth>>;
}

export interface ShutdownReport {
  /** Telemetry that was lost since start, by `destination:reason`. */
  readonly lost: Readonly<Record<string, number>>;
  /** Operations that were still under way. */
  readonly openOperations: number;
  readonly timedOut: boolean;
}
