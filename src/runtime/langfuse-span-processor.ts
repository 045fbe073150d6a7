import type { SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { type LangfuseOptions, resolveConfig } from "../config/index.ts";
import { createDiagnostics } from "../diagnostics/index.ts";
import { ObservabilityError } from "../errors/index.ts";
import { credentialsOf } from "./span-destinations.ts";
import { createLangfuseSpanProcessor } from "./span-export/index.ts";

export interface LangfuseSpanProcessorOptions extends LangfuseOptions {
  /** Deployment environment, e.g. `production`. */
  readonly environment?: string;
  /** Version of the application. */
  readonly serviceVersion?: string;
}

/**
 * Sends LLM spans to Langfuse from a tracer provider that is yours: pass it in the provider's `spanProcessors`.
 * Options default to the `LANGFUSE_*` and `RLM_*` variables, as everywhere. Nothing is written to your spans.
 *
 * @throws ObservabilityError `LANGFUSE_DISABLED` without keys, `CONFIGURATION_INVALID` for bad options.
 */
export function langfuseSpanProcessor(options: LangfuseSpanProcessorOptions = {}): SpanProcessor {
  const { environment, serviceVersion, ...langfuse } = options;
  const { config, warnings } = resolveConfig(
    {
      langfuse,
      ...(environment !== undefined && { environment }),
      ...(serviceVersion !== undefined && { serviceVersion }),
    },
    process.env,
  );
  const diagnostics = createDiagnostics();
  for (const warning of warnings) diagnostics.warnOnce("config", warning, warning);
  const credentials = credentialsOf(config.langfuse);
  if (!credentials) {
    throw new ObservabilityError(
      "LANGFUSE_DISABLED",
      "langfuseSpanProcessor() needs LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY, or the options publicKey and secretKey.",
    );
  }
  const { release, timeoutMs, maxQueueSize } = config.langfuse;
  return createLangfuseSpanProcessor(
    {
      ...credentials,
      environment: config.environment,
      version: config.serviceVersion,
      release,
      timeoutMs,
      maxQueueSize,
    },
    diagnostics,
  );
}
