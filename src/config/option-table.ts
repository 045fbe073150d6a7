import { semconvVersions } from "../semconv/index.ts";
import { auditOptions } from "./audit-options.ts";
import type { OptionDefinition } from "./option-definition.ts";
import type { OptionPath, OptionValue } from "./option-path.ts";
import { contentOptions } from "./content-options.ts";
import { eventStoreOptions } from "./event-store-options.ts";
import { providersByHost } from "./providers-by-host.ts";
import {
  accessTokens,
  flag,
  httpHeaders,
  httpUrl,
  inSeconds,
  inverted,
  listed,
  milliseconds,
  nonEmptyText,
  oneOf,
  pathPrefix,
  priceOverrides,
  redisUrl,
  resourceAttribute,
  wholeNumber,
} from "./value-types.ts";

/**
 * Every option, once. Parsing, defaults, messages, `--help` and `docs/configuration.md` come from these rows;
 * the type at the end fails the build when a row is missing, too many, or of another type than the option.
 */
export const optionTable = {
  enabled: {
    type: flag(),
    default: true,
    environment: ["RLM_ENABLED", inverted("OTEL_SDK_DISABLED")],
    doc: "Observe at all; when false, nothing is started and `observe()` returns the client as it is.",
  },
  serviceName: {
    type: nonEmptyText(),
    default: "unknown_service:node",
    environment: ["OTEL_SERVICE_NAME", resourceAttribute("service.name")],
    doc: "Name of the application in traces, metrics and Langfuse.",
  },
  serviceVersion: {
    type: nonEmptyText(),
    environment: ["RLM_SERVICE_VERSION", resourceAttribute("service.version")],
    doc: "Version of the application.",
  },
  environment: {
    type: nonEmptyText(),
    environment: ["RLM_ENVIRONMENT", resourceAttribute("deployment.environment.name")],
    doc: "Deployment environment, such as `production`.",
  },
  "server.enabled": {
    type: flag(),
    default: true,
    environment: ["RLM_SERVER_ENABLED"],
    doc: "Serve `/metrics`, `/healthz` and the [REST API](rest-api.md).",
  },
  "server.host": {
    type: nonEmptyText("a host name or an address"),
    default: "127.0.0.1",
    environment: ["OTEL_EXPORTER_PROMETHEUS_HOST"],
    doc: "Address to listen on; `0.0.0.0` is every interface, for Prometheus on another machine.",
  },
  "server.port": {
    type: wholeNumber(0, 65_535),
    default: 9464,
    environment: ["OTEL_EXPORTER_PROMETHEUS_PORT"],
    doc: "Port to listen on; 0 takes any free port.",
  },
  "server.tokens": {
    type: accessTokens(16),
    environment: ["RLM_SERVER_TOKENS"],
    secret: true,
    whenUnreadable: [],
    doc: "Tokens of the REST API. Unset: it is open on loopback and closed elsewhere; an empty list lets nobody in.",
  },
  "server.protectMetrics": {
    type: flag(),
    default: false,
    environment: ["RLM_SERVER_PROTECT_METRICS"],
    whenUnreadable: true,
    doc: "Ask for a token on `/metrics` too; Prometheus sends one with `authorization.credentials`.",
  },
  "server.allowUnauthenticatedMount": {
    type: flag(),
    default: false,
    environment: ["RLM_SERVER_ALLOW_UNAUTHENTICATED_MOUNT"],
    doc: "Where `obs.handler` is mounted, open the REST API without a token: the server around it says who may come in.",
  },
  "server.basePath": {
    type: pathPrefix(),
    environment: ["RLM_SERVER_BASE_PATH"],
    doc: "Where the routes are mounted in another server, such as `/observability`; taken off a request's path.",
  },
  "server.maxRequestsPerMinute": {
    type: wholeNumber(1, 1_000_000),
    default: 600,
    environment: ["RLM_SERVER_MAX_REQUESTS_PER_MINUTE"],
    doc: "REST requests that one client may make in a minute, all at once if it likes; more are answered with 429.",
  },
  "otlp.enabled": {
    type: flag(),
    default: true,
    environment: ["RLM_OTLP_ENABLED", listed("OTEL_TRACES_EXPORTER", "none", false)],
    doc: "Send spans by OTLP where an endpoint is set. Langfuse has keys of its own and is not affected.",
  },
  "otlp.endpoint": {
    type: httpUrl(),
    environment: ["OTEL_EXPORTER_OTLP_ENDPOINT"],
    doc: "Base URL of an OTLP/HTTP receiver, such as `http://localhost:4318`; `/v1/traces` is added. Unset: no spans are sent.",
  },
  "otlp.tracesEndpoint": {
    type: httpUrl(),
    environment: ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"],
    doc: "Full URL for spans, taken as it is; beats `otlp.endpoint`.",
  },
  "otlp.headers": {
    type: httpHeaders(),
    default: {},
    environment: ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"],
    merged: true,
    secret: true,
    doc: "Headers of OTLP requests. Variables are merged by name.",
  },
  "otlp.timeoutMs": {
    type: milliseconds(),
    default: 10_000,
    unit: "ms",
    environment: ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"],
    doc: "What one OTLP request may take.",
  },
  "otlp.maxQueueSize": {
    type: wholeNumber(1),
    default: 2_048,
    environment: ["OTEL_BSP_MAX_QUEUE_SIZE"],
    doc: "Spans that wait at the most; the next one is dropped and counted.",
  },
  "langfuse.publicKey": {
    type: nonEmptyText(),
    environment: ["LANGFUSE_PUBLIC_KEY"],
    doc: "Public key of the Langfuse project. Langfuse is off unless both keys are set.",
  },
  "langfuse.secretKey": {
    type: nonEmptyText(),
    environment: ["LANGFUSE_SECRET_KEY"],
    secret: true,
    doc: "Secret key of the Langfuse project.",
  },
  "langfuse.baseUrl": {
    type: httpUrl(),
    default: "https://cloud.langfuse.com",
    environment: ["LANGFUSE_BASE_URL", "LANGFUSE_BASEURL", "LANGFUSE_HOST"],
    doc: "Address of Langfuse.",
  },
  "langfuse.release": {
    type: nonEmptyText(),
    environment: ["LANGFUSE_RELEASE"],
    doc: "Release that Langfuse groups traces by.",
  },
  "langfuse.timeoutMs": {
    type: milliseconds(),
    default: 5_000,
    unit: "ms",
    environment: [inSeconds("LANGFUSE_TIMEOUT")],
    doc: "What one request to Langfuse may take.",
  },
  "langfuse.maxQueueSize": {
    type: wholeNumber(1),
    default: 2_048,
    environment: ["RLM_LANGFUSE_MAX_QUEUE_SIZE"],
    doc: "Spans that wait for Langfuse at the most; the next one is dropped and counted.",
  },
  "log.destination": {
    type: nonEmptyText("off, stdout, stderr or the path of a file"),
    default: "stderr",
    environment: ["RLM_LOG"],
    doc: "Where the JSON line of each operation goes.",
  },
  "log.maxSizeBytes": {
    type: wholeNumber(1),
    default: 10_485_760,
    unit: "bytes",
    environment: ["RLM_LOG_MAX_SIZE_BYTES"],
    doc: "A log file is rotated at this size.",
  },
  "log.maxFiles": {
    type: wholeNumber(1),
    default: 5,
    environment: ["RLM_LOG_MAX_FILES"],
    doc: "Log files that are kept, the current one included.",
  },
  "pricing.overrides": {
    type: priceOverrides(),
    default: {},
    environment: ["RLM_PRICES"],
    doc: "US dollars for a million tokens, by `model` or `provider/model`; beats the bundled price table.",
  },
  "pricing.privateHosts": {
    type: flag(),
    default: false,
    environment: ["RLM_PRICE_PRIVATE_HOSTS"],
    doc: "Price calls to loopback and private addresses too, as if the provider itself had answered.",
  },
  providers: {
    type: providersByHost(),
    default: {},
    environment: ["RLM_PROVIDERS"],
    doc: "Who answers at a host, and at those below it, where that is not [known](wire-formats.md#whose-host-it-is): calls are told and priced as this provider's.",
  },
  "metrics.maxLabelValues": {
    type: wholeNumber(1),
    default: 200,
    environment: ["RLM_METRICS_MAX_LABEL_VALUES"],
    doc: "Distinct values a label may take in one metric; the next ones are counted as `other`.",
  },
  "metrics.process": {
    type: flag(),
    default: true,
    environment: ["RLM_METRICS_PROCESS"],
    doc: "Export CPU, memory and event-loop metrics of the process.",
  },
  "sessions.maxActive": {
    type: wholeNumber(1),
    default: 10_000,
    environment: ["RLM_SESSIONS_MAX_ACTIVE"],
    doc: "Sessions, and users, held at the most; the one idle longest goes first.",
  },
  "sessions.idleMs": {
    type: milliseconds(),
    default: 1_800_000,
    unit: "ms",
    environment: ["RLM_SESSIONS_IDLE_MS"],
    doc: "A session without a call for this long has expired.",
  },
  "sessions.maxRequests": {
    type: wholeNumber(0, 10_000),
    default: 50,
    environment: ["RLM_SESSIONS_MAX_REQUESTS"],
    doc: "Latest requests that are kept in the record of a session; its totals are of all.",
  },
  "sessions.retentionMs": {
    type: milliseconds(),
    default: 3_600_000,
    unit: "ms",
    environment: ["RLM_SESSIONS_RETENTION_MS"],
    doc: "How long the record of a session, or of a user, can be read after it was last heard of.",
  },
  ...auditOptions,
  ...eventStoreOptions,
  "webhook.url": {
    type: httpUrl(),
    environment: ["RLM_WEBHOOK_URL"],
    secret: true,
    doc: "Failed operations are posted here as `{text, metadata}`, the form Slack takes. Unset: nothing is posted.",
  },
  "webhook.timeoutMs": {
    type: milliseconds(),
    default: 5_000,
    unit: "ms",
    environment: ["RLM_WEBHOOK_TIMEOUT_MS"],
    doc: "What one post may take.",
  },
  "webhook.minIntervalMs": {
    type: milliseconds(0),
    default: 10_000,
    unit: "ms",
    environment: ["RLM_WEBHOOK_MIN_INTERVAL_MS"],
    doc: "At most one post in this time; failures between two posts are summed up.",
  },
  "events.redis": {
    type: redisUrl(),
    environment: ["RLM_EVENTS_REDIS"],
    secret: true,
    doc: "Redis by which instances hand each other their events, such as `redis://localhost:6379`; see [distribution](distribution.md). Unset: they stay in the process.",
  },
  "events.redisPrefix": {
    type: nonEmptyText(),
    default: "rlm:",
    environment: ["RLM_EVENTS_REDIS_PREFIX"],
    doc: "Before the names of all keys. Instances with the same prefix hand each other their events.",
  },
  "events.redisMaxLength": {
    type: wholeNumber(1),
    default: 50_000,
    environment: ["RLM_EVENTS_REDIS_MAX_LENGTH"],
    doc: "Events that Redis keeps, about, for instances that were away.",
  },
  "events.redisMaxQueueSize": {
    type: wholeNumber(1),
    default: 10_000,
    environment: ["RLM_EVENTS_REDIS_MAX_QUEUE_SIZE"],
    doc: "Events that wait for Redis at the most; the next one is dropped and counted.",
  },
  "events.redisTimeoutMs": {
    type: milliseconds(),
    default: 5_000,
    unit: "ms",
    environment: ["RLM_EVENTS_REDIS_TIMEOUT_MS"],
    doc: "What connecting to Redis, and one command, may take.",
  },
  semconv: {
    type: oneOf(semconvVersions),
    default: "v1.41",
    environment: [
      "RLM_SEMCONV",
      listed("OTEL_SEMCONV_STABILITY_OPT_IN", "gen_ai_latest_experimental", "genai-main"),
    ],
    doc: "Version of the GenAI conventions that spans and `gen_ai.*` metrics follow.",
  },
  includeUsage: {
    type: flag(),
    default: false,
    environment: ["RLM_INCLUDE_USAGE"],
    doc: "Ask OpenAI-compatible chat and completion streams for their usage, and hide the chunk that tells it. Changes requests; a server that does not know `stream_options` may refuse them.",
  },
  ...contentOptions,
  estimateUsage: {
    type: flag(),
    default: false,
    environment: ["RLM_ESTIMATE_USAGE"],
    doc: "Estimate the tokens of streams whose provider does not tell them, by the length of their text; usage and cost then say `estimated`.",
  },
  idleLimitMs: {
    type: milliseconds(),
    default: 300_000,
    unit: "ms",
    environment: ["RLM_IDLE_LIMIT_MS"],
    doc: "A response that nobody reads for this long ends as `abandoned`.",
  },
  shutdownTimeoutMs: {
    type: milliseconds(),
    default: 5_000,
    unit: "ms",
    environment: ["RLM_SHUTDOWN_TIMEOUT_MS"],
    doc: "What `shutdown()` may take in all, but for making a new store of events.",
  },
} as const satisfies { readonly [Path in OptionPath]: OptionDefinition<OptionValue<Path>> };

/** Options that have a default, and so are never undefined once resolved. */
export type DefaultedPath = {
  [Path in OptionPath]: (typeof optionTable)[Path] extends { readonly default: unknown }
    ? Path
    : never;
}[OptionPath];

/** The rows in table order, for code that treats all options alike. */
export const optionRows = Object.entries(optionTable) as readonly (readonly [
  OptionPath,
  OptionDefinition<unknown>,
])[];
