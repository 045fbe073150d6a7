import type { PriceOverride } from "../events/index.ts";

/**
 * What can be set in code. Every field has a default and an environment variable: `docs/configuration.md`,
 * generated from the option table, lists them. Code beats environment beats default.
 */
export interface ObservabilityOptions {
  /** `false` observes nothing and starts nothing; `observe()` then returns the client as it is. */
  readonly enabled?: boolean;
  readonly serviceName?: string;
  readonly serviceVersion?: string;
  /** Deployment environment, e.g. `production`. */
  readonly environment?: string;
  readonly server?: ServerOptions;
  readonly otlp?: OtlpOptions;
  readonly langfuse?: LangfuseOptions;
  readonly log?: LogOptions;
  readonly pricing?: PricingOptions;
  readonly metrics?: MetricsOptions;
  readonly sessions?: SessionOptions;
  readonly webhook?: WebhookOptions;
  /** A response that nobody reads for this long ends as `abandoned`. Milliseconds. */
  readonly idleLimitMs?: number;
  /** What `shutdown()` may take in all. Milliseconds. */
  readonly shutdownTimeoutMs?: number;
}

/** The HTTP server of `/metrics` and `/healthz`. */
export interface ServerOptions {
  readonly enabled?: boolean;
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port?: number;
}

/** Where spans go by OTLP/HTTP; nothing is sent while no endpoint is set. */
export interface OtlpOptions {
  /** Base URL such as `http://localhost:4318`; `/v1/traces` is added. */
  readonly endpoint?: string;
  /** Full URL for traces, taken as it is; beats `endpoint`. */
  readonly tracesEndpoint?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Spans that wait at the most; the next one is dropped and counted. */
  readonly maxQueueSize?: number;
}

export interface LangfuseOptions {
  readonly publicKey?: string;
  readonly secretKey?: string;
  readonly baseUrl?: string;
  readonly release?: string;
  readonly timeoutMs?: number;
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

export interface PricingOptions {
  /** By model name, or by `provider/model`; US dollars for a million tokens. Beats the bundled price table. */
  readonly overrides?: Readonly<Record<string, PriceOverride>>;
  /** Price calls to loopback and private addresses too, as if the provider itself had answered. */
  readonly privateHosts?: boolean;
}

export interface MetricsOptions {
  /** Distinct values a label may take in one metric; the next ones are counted as `other`. */
  readonly maxLabelValues?: number;
  /** CPU, memory and event-loop metrics of the process. */
  readonly process?: boolean;
}

export interface SessionOptions {
  /** Sessions held at the most; the one idle longest goes first. */
  readonly maxActive?: number;
  /** A session without a call for this long has expired. Milliseconds. */
  readonly idleMs?: number;
}

/** A URL that failed operations are posted to, as `{text, metadata}`. */
export interface WebhookOptions {
  readonly url?: string;
  readonly timeoutMs?: number;
  /** At most one post in this time; failures between two posts are summed up. Milliseconds. */
  readonly minIntervalMs?: number;
}
