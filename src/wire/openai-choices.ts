import { errorTypeIn } from "./error-code.ts";
import { asArray, asObject, asText, type JsonObject } from "./json-fields.ts";
import { readOpenAiUsage } from "./openai-usage.ts";
import type { LlmResponse } from "./wire-reader.ts";

/** An answer in choices: of chat completions and of legacy completions. */
export function readOpenAiChoices(body: unknown): LlmResponse {
  const fields = asObject(body) ?? {};
  const finishReasons: string[] = [];
  let toolCallsCount = 0;
  for (const item of asArray(fields["choices"])) {
    const choice = asObject(item) ?? {};
    const reason = asText(choice["finish_reason"]);
    if (reason !== undefined) finishReasons.push(reason);
    toolCallsCount += toolCalls(choice);
  }
  return {
    finishReasons,
    toolCallsCount,
    id: asText(fields["id"]),
    model: asText(fields["model"]),
    usage: readOpenAiUsage(fields["usage"]),
    serviceTier: asText(fields["service_tier"]),
    systemFingerprint: asText(fields["system_fingerprint"]),
    errorType: errorTypeIn(fields),
  };
}

function toolCalls(choice: JsonObject): number {
  return asArray(asObject(choice["message"])?.["tool_calls"]).length;
}
