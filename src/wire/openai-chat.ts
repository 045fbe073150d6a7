import type { RequestParameters } from "../events/index.ts";
import { errorCodeOf } from "./error-code.ts";
import {
  asArray,
  asCount,
  asNumber,
  asObject,
  asText,
  definedOnly,
  type JsonObject,
} from "./json-fields.ts";
import { openAiChatStreamReader } from "./openai-chat-stream.ts";
import { readOpenAiUsage } from "./openai-usage.ts";
import type { LlmRequest, LlmResponse, WireReader } from "./wire-reader.ts";

const PATH_END = "/chat/completions";
const AZURE_DEPLOYMENT = /\/deployments\/([^/]+)\/chat\/completions$/;

/** OpenAI chat completions, and everything that speaks the same format. */
export const openAiChat: WireReader = {
  format: "openai.chat_completions",
  matches: (method, pathname) => method === "POST" && pathname.endsWith(PATH_END),
  readRequest,
  readResponse,
  streamReader: openAiChatStreamReader,
};

function readRequest(body: unknown, pathname: string): LlmRequest {
  const fields = asObject(body) ?? {};
  return {
    operation: "chat",
    ...definedOnly({ model: asText(fields["model"]) ?? azureDeployment(pathname) }),
    stream: fields["stream"] === true,
    messagesCount: asArray(fields["messages"]).length,
    toolsCount: asArray(fields["tools"]).length,
    parameters: readParameters(fields),
  };
}

function azureDeployment(pathname: string): string | undefined {
  const name = AZURE_DEPLOYMENT.exec(pathname)?.[1];
  return name === undefined ? undefined : decodeSafely(name);
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readParameters(fields: JsonObject): RequestParameters {
  return definedOnly({
    temperature: asNumber(fields["temperature"]),
    topP: asNumber(fields["top_p"]),
    maxTokens: asCount(fields["max_completion_tokens"]) ?? asCount(fields["max_tokens"]),
    frequencyPenalty: asNumber(fields["frequency_penalty"]),
    presencePenalty: asNumber(fields["presence_penalty"]),
    seed: asNumber(fields["seed"]),
    choiceCount: asCount(fields["n"]),
    stopSequences: stopSequences(fields["stop"]),
    outputType: outputType(fields["response_format"]),
    reasoningLevel: asText(fields["reasoning_effort"]),
    serviceTier: asText(fields["service_tier"]),
  });
}

function stopSequences(stop: unknown): readonly string[] | undefined {
  if (typeof stop === "string") return [stop];
  if (!Array.isArray(stop)) return undefined;
  return stop.filter((item) => typeof item === "string");
}

function outputType(format: unknown): "text" | "json" | undefined {
  switch (asObject(format)?.["type"]) {
    case "text":
      return "text";
    case "json_object":
    case "json_schema":
      return "json";
    default:
      return undefined;
  }
}

function readResponse(body: unknown): LlmResponse {
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
      errorType: errorType(fields),
    }),
  };
}

function toolCalls(choice: JsonObject): number {
  return asArray(asObject(choice["message"])?.["tool_calls"]).length;
}

function errorType(fields: JsonObject): string | undefined {
  const error = fields["error"];
  return error === undefined || error === null ? undefined : (errorCodeOf(error) ?? "_OTHER");
}
