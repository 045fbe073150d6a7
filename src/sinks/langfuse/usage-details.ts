import type { Attributes } from "@opentelemetry/api";
import { attribute } from "../../semconv/index.ts";

/** Tokens by Langfuse's usage types. The buckets exclude each other and add up to `total`. */
export type UsageDetails = Readonly<Record<string, number>>;

/**
 * Langfuse's buckets from the inclusive counts of the GenAI conventions. Parts that claim more than their whole are
 * cut, so that the sum always holds. Undefined when the span has no usage.
 */
export function usageDetails(attributes: Attributes): UsageDetails | undefined {
  const input = tokens(attributes[attribute.usageInputTokens]);
  const output = tokens(attributes[attribute.usageOutputTokens]);
  if (input === undefined && output === undefined) return undefined;
  const details: Record<string, number> = {};
  if (input !== undefined) addInput(details, input, attributes);
  if (output !== undefined) addOutput(details, output, attributes);
  details["total"] = (input ?? 0) + (output ?? 0);
  return details;
}

function addInput(details: Record<string, number>, input: number, attributes: Attributes): void {
  const cached = Math.min(tokens(attributes[attribute.usageCacheReadInputTokens]) ?? 0, input);
  const written = Math.min(
    tokens(attributes[attribute.usageCacheCreationInputTokens]) ??
      tokens(attributes[attribute.usageCacheWriteInputTokens]) ??
      0,
    input - cached,
  );
  details["input"] = input - cached - written;
  if (cached > 0) details["input_cached_tokens"] = cached;
  if (written > 0) details["input_cache_creation"] = written;
}

function addOutput(details: Record<string, number>, output: number, attributes: Attributes): void {
  const reasoning = Math.min(tokens(attributes[attribute.usageReasoningOutputTokens]) ?? 0, output);
  details["output"] = output - reasoning;
  if (reasoning > 0) details["output_reasoning_tokens"] = reasoning;
}

/** Langfuse drops what is not a whole number from 0 on; so do we, before it could break a sum. */
function tokens(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
