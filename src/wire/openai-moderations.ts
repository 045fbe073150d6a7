import { errorTypeIn } from "./error-code.ts";
import { asObject, asText, definedOnly } from "./json-fields.ts";
import { openAiMediaStreamReader } from "./openai-media-stream.ts";
import { asksModel, requestedModel, textsCount } from "./openai-request.ts";
import type { LlmRequest, LlmResponse, WireReader } from "./wire-reader.ts";

/** OpenAI moderations; `messagesCount` is the number of inputs. They cost no tokens. */
export const openAiModerations: WireReader = {
  format: "openai.moderations",
  matches: (method, pathname) => method === "POST" && pathname.endsWith("/moderations"),
  recognizes: (body) => asksModel(body, "input"),
  readRequest,
  readResponse,
  // moderations are not streamed
  streamReader: openAiMediaStreamReader,
};

function readRequest(body: unknown, pathname: string): LlmRequest {
  const fields = asObject(body) ?? {};
  return {
    operation: "moderation",
    ...definedOnly({ model: requestedModel(fields, pathname) }),
    stream: false,
    messagesCount: textsCount(fields["input"]),
    toolsCount: 0,
    parameters: {},
  };
}

function readResponse(body: unknown): LlmResponse {
  const fields = asObject(body) ?? {};
  return {
    finishReasons: [],
    toolCallsCount: 0,
    ...definedOnly({
      id: asText(fields["id"]),
      model: asText(fields["model"]),
      errorType: errorTypeIn(fields),
    }),
  };
}
