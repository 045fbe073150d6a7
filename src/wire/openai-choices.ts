import { errorTypeIn } from "./error-code.ts";
import { asArray, asObject, asText, definedOnly, type JsonObject } from "./json-fields.ts";
import { readOpenAiUsage } from "./openai-usage.ts";
import type { LlmResponse } from "./wire-reader.ts";

/** An answer in choices: of chat completions and of legacy completions. */
export function readOpenAiChoices(body: unknown): LlmResponse {
  const fields = asObject(body) ?? {};
  const choices = asArray(fields["choices"]).map((choice) => asObject(choice) ?? {});
  return {
    finishReasons: choices.flatMap((choice) => asText(choice["finish_reason"]) ?? []),
    toolCallsCount: choices.reduce((sum, choice) => sum + toolCalls(choice), 0),
    ...definedOnly({
      id: asText(fields["id"]),
      model: asText(fields["model"]),
      usage: readOpenAiUsage(fields["usage"]),
      serviceTier: asText(fields["service_tier"]),
      systemFingerprint: asText(fields["system_fingerprint"]),
      errorType: errorTypeIn(fields),
    }),
  };
}

function toolCalls(choice: JsonObject): number {
  return asArray(asObject(choice["message"])?.["tool_calls"]).length;
}
