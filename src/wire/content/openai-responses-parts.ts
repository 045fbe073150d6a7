import { asArray, asObject, asText, type JsonObject } from "../json-fields.ts";
import type { RawMessage, RawPart } from "./content-format.ts";
import { openAiInputPart } from "./openai-input-part.ts";
import { genericPart, objectsIn, textPart, toolCallPart, toolResponsePart } from "./parts.ts";

/** What the model said in one item of an answer, or of a history. */
export function responseItemParts(item: JsonObject): readonly RawPart[] {
  switch (item["type"]) {
    case undefined:
    case "message":
      return contentParts(item["content"]);
    case "reasoning":
      return [...objectsIn(item["summary"]), ...objectsIn(item["content"])].flatMap((part) =>
        textPart(part["text"], "reasoning"),
      );
    case "function_call":
      return [toolCallPart(item["call_id"], item["name"], item["arguments"])];
    case "custom_tool_call":
      return [toolCallPart(item["call_id"], item["name"], item["input"])];
    case "function_call_output":
    case "custom_tool_call_output":
      return [toolOutput(item)];
    default:
      return [genericPart(item["type"])];
  }
}

function toolOutput({ call_id: id, output }: JsonObject): RawPart {
  return toolResponsePart(id, output, Array.isArray(output) ? contentParts(output) : undefined);
}

function contentParts(content: unknown): readonly RawPart[] {
  return typeof content === "string" ? textPart(content) : asArray(content).map(openAiInputPart);
}

/** The message of a Response object; none while there is no output. */
export function responseMessages(response: JsonObject): readonly RawMessage[] {
  const parts = objectsIn(response["output"]).flatMap(responseItemParts);
  const reason = finishReason(response, parts);
  if (parts.length === 0 && reason === undefined) return [];
  return [{ role: "assistant", parts, ...(reason !== undefined && { finishReason: reason }) }];
}

function finishReason(response: JsonObject, parts: readonly RawPart[]): string | undefined {
  switch (response["status"]) {
    case "completed":
      return parts.some(({ kind }) => kind === "tool_call") ? "tool_call" : "stop";
    case "incomplete":
      return asText(asObject(response["incomplete_details"])?.["reason"]) ?? "incomplete";
    default:
      return undefined;
  }
}
