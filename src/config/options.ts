import type { PriceOverride } from "../events/index.ts";
import type { RedactionPattern, SemconvVersion } from "../semconv/index.ts";

/**
 * What can be set in code. Every field has a default and an environment variable: `docs/configuration.md`,
 * generated from the option table, lists them. Code beats environment beats default.
 */
export interface ObservabilityOptions {
  /** `false` observes nothing and starts nothing; `observe()` then returns the client as it is. */
  readonly enabled?: boolean;
  /** Name of the application in traces, metrics and Langfuse. */
  readonly serviceName?: string;
  /** Version of the application. */
  readonly serviceVersion?: string;
  /** Deployment environment, e.g. `production`. */
  readonly environment?: string;
  /** The HTTP server of `/metrics`, `/healthz` and the REST API, and who may read what. */
  readonly server?: ServerOptions;
  /** Spans by OTLP/HTTP. */
  readonly otlp?: OtlpOptions;
  /** Traces and scores in Langfuse. */
  readonly langfuse?: LangfuseOptions;
  /** One JSON line for each finished operation. */
  readonly log?: LogOptions;
  /** What tokens cost. */
  readonly pricing?: PricingOptions;
  /**
   * Who answers at a host, and at those below it: `{ "llm.example.com": "openai" }`. Calls to a public host that is
   * neither named here nor known are told as those of `unknown`, and have no price.
   */
  readonly providers?: Readonly<Record<string, string>>;
  /** What `/metrics` holds. */
  readonly metrics?: MetricsOptions;
  /** How many sessions are held, and for how long. */
  readonly sessions?: SessionOptions;
  /** The record of every event. */
  readonly audit?: AuditOptions;
  /** Where failures are posted to. */
  readonly webhook?: WebhookOptions;
  /** Where events go beside this process. */
  readonly events?: EventsOptions;
  /**
   * Version of the GenAI conventions that spans and `gen_ai.*` metrics follow: `v1.41`, their last release, or
   * `genai-main`, what came after. One set of metrics is in force, never both.
   */
  readonly semconv?: SemconvVersion;
  /**
   * Ask OpenAI-compatible chat and completion streams for their usage (`stream_options.include_usage`), and hide the
   * chunk that tells it. It is the one option that changes requests: a server that does not know the field may refuse
   * them. `observe(client, { includeUsage })` sets it for one client.
   */
  readonly includeUsage?: boolean;
  /** Whether prompts and answers are captured, and how much of them. */
  readonly content?: ContentOptions;
  /** What is taken out of captured content before it goes anywhere. */
  readonly redaction?: RedactionOptions;
  /**
   * Estimate the tokens of streams whose provider does not tell them, those left early or cut off included: one for
   * some four letters. Usage and cost then say `estimated`.
   */
  readonly estimateUsage?: boolean;
  /** A response that nobody reads for this long ends as `abandoned`. Milliseconds. */
  readonly idleLimitMs?: number;
  /** What `shutdown()` may take in all, but for making a new store of events, up to a minute. Milliseconds. */
  readonly shutdownTimeoutMs?: number;
}

/** The HTTP server of `/metrics`, `/healthz` and the REST API, and who may read what; see `docs/rest-api.md`. */
export interface ServerOptions {
  /** `false`: no server is started; `obs.handler` can still be mounted in yours. */
  readonly enabled?: boolean;
  /** Address to listen on; loopback unless told otherwise. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  /**
   * Who has one of these may use the REST API: several, so that they can be changed one after the other. Without any it
   * is open on a server that listens on loopback, and closed elsewhere. Never shown in a message.
   */
  readonly tokens?: readonly string[];
  /** `true`: `/metrics` asks for a token as well. */
  readonly protectMetrics?: boolean;
  /** `true`: where `obs.handler` is mounted, it needs no token, because the server around it says who may come in. */
  readonly allowUnauthenticatedMount?: boolean;
  /** Where the routes are mounted in another server, e.g. `/observability`; taken off a request's path. */
  readonly basePath?: string;
  /** REST requests that one client may make in a minute; as many at once. */
  readonly maxRequestsPerMinute?: number;
}

/** Where spans go by OTLP/HTTP; nothing is sent while no endpoint is set. */
export interface OtlpOptions {
  /** `false`: no spans are sent, whatever endpoint is set. */
  readonly enabled?: boolean;
  /** Base URL such as `http://localhost:4318`; `/v1/traces` is added. */
  readonly endpoint?: string;
  /** Full URL for traces, taken as it is; beats `endpoint`. */
  readonly tracesEndpoint?: string;
  /** Sent with every request. Never shown in a message. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What one request may take. Milliseconds. */
  readonly timeoutMs?: number;
  /** Spans that wait at the most; the next one is dropped and counted. */
  readonly maxQueueSize?: number;
}

/** Langfuse is off unless both keys are set. */
export interface LangfuseOptions {
  /** Public key of the project, `pk-lf-…`. */
  readonly publicKey?: string;
  /** Secret key of the project, `sk-lf-…`. Never shown in a message. */
  readonly secretKey?: string;
  /** Address of Langfuse, such as `http://localhost:3000`. */
  readonly baseUrl?: string;
  /** Release that Langfuse groups traces by. */
  readonly release?: string;
  /** What one request may take. Milliseconds; the variable `LANGFUSE_TIMEOUT` is in seconds. */
  readonly timeoutMs?: number;
  /** Spans that wait at the most; the next one is dropped and counted. */
  readonly maxQueueSize?: number;
}

/** One JSON line for each finished operation. */
export interface LogOptions {
  /** `off`, `stdout`, `stderr` or the path of a file. */
  readonly destination?: string;
  /** A file is rotated at this size. Bytes. */
  readonly maxSizeBytes?: number;
  /** Rotated files that are kept, the current one included. */
  readonly maxFiles?: number;
}

/** What tokens cost. */
export interface PricingOptions {
  /** By model name, or by `provider/model`; US dollars for a million tokens. Beats the bundled price table. */
  readonly overrides?: Readonly<Record<string, PriceOverride>>;
  /** Price calls to loopback and private addresses too, as if the provider itself had answered. */
  readonly privateHosts?: boolean;
}

/** What `/metrics` holds. */
export interface MetricsOptions {
  /** Distinct values a label may take in one metric; the next ones are counted as `other`. */
  readonly maxLabelValues?: number;
  /** CPU, memory and event-loop metrics of the process. */
  readonly process?: boolean;
}

/** How many sessions are held, and for how long. */
export interface SessionOptions {
  /** Sessions, and users, held at the most; the one idle longest goes first. */
  readonly maxActive?: number;
  /** A session without a call for this long has expired. Milliseconds. */
  readonly idleMs?: number;
  /** Requests that are kept in the record of a session; its totals are of all. */
  readonly maxRequests?: number;
  /** How long the record of a session, or of a user, can be read after it was last heard of. Milliseconds. */
  readonly retentionMs?: number;
}

/** The record of every event. */
export interface AuditOptions {
  /** Folder of the files; made if it is missing. Unset: the last events are kept in memory, and nothing is written. */
  readonly path?: string;
  /**
   * A secret that the hashes are made with (HMAC): nobody without it can change a record and make it look right.
   * At least 16 characters. Never shown in a message.
   */
  readonly key?: string;
  /**
   * When records are on the disk: `each`, before the next ones are written; `interval`, after `fsyncIntervalMs`; `none`, when
   * the operating system thinks fit. A crash of the process loses nothing that was written, whichever it is.
   */
  readonly fsync?: "each" | "interval" | "none";
  /** What a power failure may take at the most, with `interval`. Milliseconds. */
  readonly fsyncIntervalMs?: number;
  /** The next file is begun at this size. Bytes. */
  readonly maxSizeBytes?: number;
  /** Files that are kept of a chain, the current one included; default all. */
  readonly maxFiles?: number;
  /** Files are deleted when everything in them is older. Default never. */
  readonly maxAgeDays?: number;
  /** Events that wait for the disk at the most; the next one is dropped and counted. */
  readonly maxQueueSize?: number;
  /** Events that are kept in memory for `obs.auditLog` while `path` is unset; 0 keeps none. */
  readonly maxInMemory?: number;
}

/** A URL that failed operations are posted to, as `{text, metadata}`. */
export interface WebhookOptions {
  /** Nothing is posted while it is unset. Never shown in a message: a webhook's address is its password. */
  readonly url?: string;
  /** What one post may take. Milliseconds. */
  readonly timeoutMs?: number;
  /** At most one post in this time; failures between two posts are summed up. Milliseconds. */
  readonly minIntervalMs?: number;
}

/** Where events go beside this process; nowhere unless told to. */
export interface EventsOptions {
  /**
   * A folder, which PGlite keeps a database in (`npm install @electric-sql/pglite`), or the URL of a PostgreSQL server,
   * `postgres://…` (`npm install pg`). Never shown in a message: the URL may hold a password.
   */
  readonly store?: string;
  /** Events that are written at once, at the most. */
  readonly storeMaxBatchSize?: number;
  /** How long an event waits for others to be written with. Milliseconds. */
  readonly storeMaxDelayMs?: number;
  /** Events that wait for the store at the most; the next one is dropped and counted. */
  readonly storeMaxQueueSize?: number;
  /** What connecting to the store, and one statement, may take. Milliseconds. */
  readonly storeTimeoutMs?: number;
  /** Events older than this are deleted, of all processes. Milliseconds. */
  readonly storeMaxAgeMs?: number;
  /** Events that are kept, of all processes; the oldest are deleted. */
  readonly storeMaxEvents?: number;
  /**
   * Address of a Redis by which instances hand each other their events, such as `redis://localhost:6379`; `rediss://` for
   * TLS. Needs the optional package `ioredis`. Never shown in a message: it may hold a password.
   */
  readonly redis?: string;
  /** Before the names of all keys. Instances with the same prefix hand each other their events. */
  readonly redisPrefix?: string;
  /** Events that Redis keeps, about, for instances that were away. */
  readonly redisMaxLength?: number;
  /** Events that wait for Redis at the most; the next one is dropped and counted. */
  readonly redisMaxQueueSize?: number;
  /** What connecting to Redis, and one command, may take. Milliseconds. */
  readonly redisTimeoutMs?: number;
}

/** Prompts and answers: captured only if told to. */
export interface ContentOptions {
  /** `off`; `metadata`: roles, kinds of parts, lengths and tool names; `full`: what was said, redacted. */
  readonly capture?: "off" | "metadata" | "full";
  /** Where it goes: attributes of spans, Langfuse with them; `content` of events; or both. */
  readonly target?: "spans" | "events" | "all";
  /** What is kept of one text, or of the arguments or the result of one tool call. Characters. */
  readonly maxPartCharacters?: number;
  /** What is kept of all messages of a request, and of all of an answer. Characters. */
  readonly maxListCharacters?: number;
  /** Descriptions and parameter schemas of tools too, not just their types and names. */
  readonly toolSchemas?: boolean;
}

/** What is taken out of captured content. */
export interface RedactionOptions {
  /** Names of fields whose value is a secret, beside the built-in ones such as `password`. */
  readonly keys?: readonly string[];
  /** The rules that are applied to every text; default all. */
  readonly patterns?: readonly RedactionPattern[];
  /**
   * Patterns of your own, applied after those, by the name that stands in place of what they find: what `employee-id`
   * finds becomes `[REDACTED:employee-id]`. Nobody interrupts one that takes its time.
   */
  readonly ownPatterns?: Readonly<Record<string, RegExp | string>>;
  /**
   * Gets every captured text after the rules and gives back what may be seen of it, at once. If it throws, or gives back
   * anything else than a text, the whole content of that call is dropped and counted.
   */
  readonly custom?: (text: string) => string;
}
