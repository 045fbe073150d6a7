import { anthropicContent } from "./content/anthropic-content.ts";
import type { RequestParameters } from "../events/index.ts";
import { anthropicMessageStreamReader } from "./anthropic-message-stream.ts";
import { readAnthropicUsage } from "./anthropic-usage.ts";
import { errorTypeIn } from "./error-code.ts";
import {
  asArray,
  asCount,
  asNumber,
  asObject,
  asText,
  asTexts,
  definedOnly,
  type JsonObject,
} from "./json-fields.ts";
import type { LlmRequest, LlmResponse, WireReader } from "./wire-reader.ts";

const PATH_END = "/v1/messages";

/** Anthropic messages, and everything that speaks the same format. */
export const anthropicMessages: WireReader = {
  format: "anthropic.messages",
  provider: "anthropic",
  matches: (method, pathname) => method === "POST" && pathname.endsWith(PATH_END),
  recognizes,
  readRequest,
  readResponse,
  streamReader: anthropicMessageStreamReader,
  content: anthropicContent,
};

/** All three are required; other services have messages, too. */
function recognizes(body: unknown): boolean {
  const fields = asObject(body) ?? {};
  return (
    asText(fields["model"]) !== undefined &&
    asCount(fields["max_tokens"]) !== undefined &&
    Array.isArray(fields["messages"])
  );
}

function readRequest(body: unknown): LlmRequest {
  const fields = asObject(body) ?? {};
  return {
    operation: "chat",
    ...definedOnly({ model: asText(fields["model"]) }),
    stream: fields["stream"] === true,
    messagesCount: asArray(fields["messages"]).length,
    toolsCount: asArray(fields["tools"]).length,
    parameters: readParameters(fields),
  };
}

function readParameters(fields: JsonObject): RequestParameters {
  const output = asObject(fields["output_config"]) ?? {};
  return definedOnly({
    temperature: asNumber(fields["temperature"]),
    topP: asNumber(fields["top_p"]),
    topK: asNumber(fields["top_k"]),
    maxTokens: asCount(fields["max_tokens"]),
    stopSequences: asTexts(fields["stop_sequences"]),
    outputType: asObject(output["format"]) === undefined ? undefined : ("json" as const),
    reasoningLevel: asText(output["effort"]),
    serviceTier: asText(fields["service_tier"]),
  });
}

function readResponse(body: unknown): LlmResponse {
  const fields = asObject(body) ?? {};
  const usage = asObject(fields["usage"]) ?? {};
  const stopReason = asText(fields["stop_reason"]);
  return {
    finishReasons: stopReason === undefined ? [] : [stopReason],
    toolCallsCount: asArray(fields["content"]).filter(isToolUse).length,
    ...definedOnly({
      id: asText(fields["id"]),
      model: asText(fields["model"]),
      usage: readAnthropicUsage(usage),
      serviceTier: asText(usage["service_tier"]),
      errorType: errorTypeIn(fields),
    }),
  };
}

/** A tool that the caller is to run; the provider's own (`server_tool_use`) are no calls to it. */
function isToolUse(block: unknown): boolean {
  return asObject(block)?.["type"] === "tool_use";
}
