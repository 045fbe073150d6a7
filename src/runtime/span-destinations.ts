import type { SpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Diagnostics } from "../diagnostics/index.ts";
import type { SinkHealth } from "../events/index.ts";
import { type LangfuseCredentials, probeLangfuse } from "../sinks/langfuse/index.ts";
import type { OtelConfig, OtelLangfuseConfig } from "./otel-config.ts";
import {
  type BoundedBatchProcessor,
  createLangfuseHealth,
  createLangfuseSpanProcessor,
  createOtlpSpanProcessor,
  otlpTracesUrl,
} from "./span-export/index.ts";

/** Where spans go. Each destination has its own queue and its own failures. */
export interface Destinations {
  readonly processors: readonly SpanProcessor[];
  forceFlush(deadlineMs: number): Promise<void>;
  shutdown(deadlineMs: number): Promise<void>;
  health(): Readonly<Record<"otlp" | "langfuse", SinkHealth>>;
  /** Brings `health()` up to date where nothing was exported yet. */
  probe(): Promise<void>;
  /** A span went to a provider of the application's, past these. */
  bypassed(): void;
}

const DISABLED: SinkHealth = { state: "disabled" };
const BYPASSED =
  "the application has a tracer provider of its own, so LLM spans go there and not to OTEL_EXPORTER_OTLP_ENDPOINT or " +
  "Langfuse; add an exporter, and langfuseSpanProcessor() for Langfuse, to that provider.";

/** Creates a processor for each configured destination. */
export function startDestinations(config: OtelConfig, diagnostics: Diagnostics): Destinations {
  const credentials = credentialsOf(config.langfuse);
  const otlp = startOtlp(config, diagnostics);
  const langfuse = credentials && startLangfuse(config, credentials, diagnostics);
  const processors = [otlp, langfuse].filter((processor) => processor !== undefined);
  const langfuseHealth =
    langfuse &&
    credentials &&
    createLangfuseHealth({
      exports: () => langfuse.health(),
      probe: () => probeLangfuse(credentials),
    });

  return {
    processors,
    async forceFlush(deadlineMs) {
      await Promise.all(processors.map((processor) => processor.forceFlush(deadlineMs)));
    },
    async shutdown(deadlineMs) {
      await Promise.all(processors.map((processor) => processor.shutdown(deadlineMs)));
    },
    health: () => ({
      otlp: otlp?.health() ?? DISABLED,
      langfuse: langfuseHealth?.health() ?? DISABLED,
    }),
    probe: async () => langfuseHealth?.probe(),
    bypassed() {
      if (processors.length > 0) diagnostics.warnOnce("spans", "bypassed", BYPASSED);
    },
  };
}

/** Undefined unless both keys are set. */
export function credentialsOf(config: OtelLangfuseConfig): LangfuseCredentials | undefined {
  const { publicKey, secretKey, baseUrl } = config;
  return publicKey && secretKey ? { publicKey, secretKey, baseUrl } : undefined;
}

function startOtlp(
  { otlp }: OtelConfig,
  diagnostics: Diagnostics,
): BoundedBatchProcessor | undefined {
  const url = otlpTracesUrl(otlp);
  return url === undefined || !otlp.enabled
    ? undefined
    : createOtlpSpanProcessor({ ...otlp, url }, diagnostics);
}

function startLangfuse(
  config: OtelConfig,
  credentials: LangfuseCredentials,
  diagnostics: Diagnostics,
): BoundedBatchProcessor {
  const { release, timeoutMs, maxQueueSize } = config.langfuse;
  const { environment, serviceVersion: version } = config;
  return createLangfuseSpanProcessor(
    { ...credentials, environment, version, release, timeoutMs, maxQueueSize },
    diagnostics,
  );
}
