import { errorTypeIn } from "./error-code.ts";
import { asCount, asObject, asText, definedOnly, parseObject } from "./json-fields.ts";
import { openAiChatStreamReader } from "./openai-chat-stream.ts";
import { asksModel, requestedModel, textsCount } from "./openai-request.ts";
import { readOpenAiUsage } from "./openai-usage.ts";
import type { LlmRequest, LlmResponse, WireReader } from "./wire-reader.ts";

/**
 * OpenAI embeddings; `messagesCount` is the number of texts. Vectors are never looked at.
 * Ollama's older embeddings have the same end of their path, their text as `prompt`, and no usage.
 */
export const openAiEmbeddings: WireReader = {
  format: "openai.embeddings",
  matches: (method, pathname) => method === "POST" && pathname.endsWith("/embeddings"),
  recognizes: (body) => asksModel(body, "input") || asksModel(body, "prompt"),
  readRequest,
  readResponse,
  readResponseText,
  // embeddings are not streamed
  streamReader: openAiChatStreamReader,
};

function readRequest(body: unknown, pathname: string): LlmRequest {
  const fields = asObject(body) ?? {};
  return {
    operation: "embeddings",
    ...definedOnly({ model: requestedModel(fields, pathname) }),
    stream: false,
    messagesCount: textsCount(fields["input"] ?? fields["prompt"]),
    toolsCount: 0,
    parameters: definedOnly({
      dimensionCount: asCount(fields["dimensions"]),
      encodingFormat: asText(fields["encoding_format"]),
    }),
  };
}

function readResponse(body: unknown): LlmResponse {
  const fields = asObject(body) ?? {};
  const inputTokens = readOpenAiUsage(fields["usage"])?.inputTokens;
  return {
    finishReasons: [],
    toolCallsCount: 0,
    ...definedOnly({
      model: asText(fields["model"]),
      // some servers say 0 output tokens: there is no output that could be counted
      usage: inputTokens === undefined ? undefined : { inputTokens },
      errorType: errorTypeIn(fields),
    }),
  };
}

/** Reads what is around the vectors, which are nearly all of the text: numbers or base64, so no `]` is in them. */
function readResponseText(text: string): LlmResponse | undefined {
  const data = /"data"\s*:\s*\[/.exec(text);
  if (data === null) return undefined;
  const start = data.index + data[0].length;
  const around = parseObject(text.slice(0, start) + text.slice(text.lastIndexOf("]")));
  const response = readResponse(around);
  return response.usage === undefined ? undefined : response;
}
