import { openAiResponsesContent } from "./content/openai-responses-content.ts";
import type { RequestParameters } from "../events/index.ts";
import {
  asArray,
  asCount,
  asNumber,
  asObject,
  asText,
  definedOnly,
  type JsonObject,
} from "./json-fields.ts";
import { asksModel, outputType, requestedModel } from "./openai-request.ts";
import { readOpenAiResponse } from "./openai-responses-answer.ts";
import { openAiResponsesStreamReader } from "./openai-responses-stream.ts";
import type { LlmRequest, WireReader } from "./wire-reader.ts";

/** The OpenAI Responses API: making a response, not fetching or cancelling one. */
export const openAiResponses: WireReader = {
  format: "openai.responses",
  matches: (method, pathname) => method === "POST" && pathname.endsWith("/responses"),
  recognizes: (body) => asksModel(body, "input") || asksModel(body, "prompt"),
  readRequest,
  readResponse: readOpenAiResponse,
  streamReader: openAiResponsesStreamReader,
  content: openAiResponsesContent,
};

function readRequest(body: unknown, pathname: string): LlmRequest {
  const fields = asObject(body) ?? {};
  return {
    operation: "chat",
    stream: fields["stream"] === true,
    messagesCount: inputItems(fields["input"]),
    toolsCount: asArray(fields["tools"]).length,
    parameters: readParameters(fields),
    ...definedOnly({
      model: requestedModel(fields, pathname),
      conversationId: conversationId(fields["conversation"]),
      previousResponseId: asText(fields["previous_response_id"]),
    }),
  };
}

/** Text is one message. */
function inputItems(input: unknown): number {
  return typeof input === "string" ? 1 : asArray(input).length;
}

function conversationId(conversation: unknown): string | undefined {
  return asText(conversation) ?? asText(asObject(conversation)?.["id"]);
}

function readParameters(fields: JsonObject): RequestParameters {
  return definedOnly({
    temperature: asNumber(fields["temperature"]),
    topP: asNumber(fields["top_p"]),
    maxTokens: asCount(fields["max_output_tokens"]),
    outputType: outputType(asObject(fields["text"])?.["format"]),
    reasoningLevel: asText(asObject(fields["reasoning"])?.["effort"]),
    serviceTier: asText(fields["service_tier"]),
  });
}
