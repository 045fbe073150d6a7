import { asErrorCode } from "./error-code.ts";
import type { LlmResponse } from "./wire-reader.ts";

/** Longest id or name that is taken from an answer; a longer one is none. */
const MAX_NAME_LENGTH = 256;

/**
 * The answer with its words bounded, so that a provider can't put text into spans, logs and events: names of a sane
 * length, finish reasons that are words. What is no word becomes `_OTHER`.
 */
export function boundResponse(response: LlmResponse): LlmResponse {
  return {
    finishReasons: response.finishReasons.map((reason) => asErrorCode(reason) ?? "_OTHER"),
    id: bounded(response.id),
    model: bounded(response.model),
    serviceTier: bounded(response.serviceTier),
    systemFingerprint: bounded(response.systemFingerprint),
    toolCallsCount: response.toolCallsCount,
    usage: response.usage,
    openChoices: response.openChoices,
    reasoningStreamed: response.reasoningStreamed,
    errorType: response.errorType,
  };
}

function bounded(name: string | undefined): string | undefined {
  return name !== undefined && name.length <= MAX_NAME_LENGTH ? name : undefined;
}
