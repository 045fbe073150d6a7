import { errorTypeIn } from "./error-code.ts";
import { asArray, asObject, asText, definedOnly, type JsonObject } from "./json-fields.ts";
import { readOpenAiResponsesUsage } from "./openai-usage.ts";
import type { LlmResponse } from "./wire-reader.ts";

/** Output items by which the model asks the application to run a tool; hosted tools are run by the provider. */
const TOOL_CALLS: ReadonlySet<unknown> = new Set(["function_call", "custom_tool_call"]);

/** A Response object: the whole of a plain answer, and what a stream's events carry as `response`. */
export function readOpenAiResponse(body: unknown): LlmResponse {
  const fields = asObject(body) ?? {};
  return {
    finishReasons: finishReasons(fields),
    toolCallsCount: asArray(fields["output"]).filter(isToolCall).length,
    ...definedOnly({
      id: asText(fields["id"]),
      model: asText(fields["model"]),
      usage: readOpenAiResponsesUsage(fields["usage"]),
      pending: isPending(fields) || undefined,
      serviceTier: asText(fields["service_tier"]),
      errorType: errorTypeIn(fields) ?? failure(fields["status"]),
    }),
  };
}

/** True for an output item that asks the application to run a tool. */
export function isToolCall(item: unknown): boolean {
  return TOOL_CALLS.has(asObject(item)?.["type"]);
}

/** A response has one end. In the background it may be queued or under way: then it has none yet. */
function finishReasons(fields: JsonObject): readonly string[] {
  switch (fields["status"]) {
    case "completed":
      return ["stop"];
    case "incomplete":
      return [asText(asObject(fields["incomplete_details"])?.["reason"]) ?? "incomplete"];
    default:
      return [];
  }
}

function isPending({ background, status }: JsonObject): boolean {
  return background === true && (status === "queued" || status === "in_progress");
}

/** An answer that says it failed, without saying why. */
function failure(status: unknown): string | undefined {
  if (status === "failed") return "_OTHER";
  return status === "cancelled" ? "cancelled" : undefined;
}
