import { ANY } from "../scenarios/scenario.js";

/** What was reported of an operation, in the same words whether an event or a span says it. */

export function accountOfEvent({ data }) {
  const {
    operation,
    provider,
    model,
    responseModel,
    outcome,
    errorType,
    stream,
    usage,
    finishReasons,
    attempts,
  } = data;
  return {
    operation,
    provider,
    model,
    responseModel,
    outcome,
    errorType,
    stream,
    usage,
    finishReasons: [...finishReasons],
    attempts: attempts.map(({ result }) => result),
  };
}

export function accountOfSpan({ attributes }) {
  const stream = attributes["gen_ai.request.stream"] === true;
  return {
    operation: attributes["gen_ai.operation.name"],
    provider: attributes["gen_ai.provider.name"],
    model: attributes["gen_ai.request.model"],
    responseModel: attributes["gen_ai.response.model"],
    outcome: attributes["rlm.outcome"],
    errorType: attributes["error.type"],
    stream,
    usage: usageOf(attributes),
    finishReasons: attributes["gen_ai.response.finish_reasons"] ?? [],
  };
}

function usageOf(attributes) {
  const names = {
    inputTokens: "input_tokens",
    outputTokens: "output_tokens",
    cacheReadTokens: "cache_read.input_tokens",
    cacheWriteTokens: "cache_creation.input_tokens",
    reasoningTokens: "reasoning.output_tokens",
  };
  const entries = Object.entries(names)
    .map(([name, attribute]) => [name, attributes[`gen_ai.usage.${attribute}`]])
    .filter(([, count]) => count !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Where `account` is not what was expected; what an expectation doesn't name must not be reported. */
export function unexpected(expected, account) {
  return Object.keys(account).flatMap((key) => {
    if (expected[key] === ANY || sameJson(expected[key], account[key])) return [];
    return [
      `${key}: expected ${JSON.stringify(expected[key])}, got ${JSON.stringify(account[key])}`,
    ];
  });
}

function sameJson(left, right) {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => a.localeCompare(b)));
}
