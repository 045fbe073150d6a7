import { errorTypeIn } from "./error-code.ts";
import { asObject, definedOnly } from "./json-fields.ts";
import { openAiMediaStreamReader } from "./openai-media-stream.ts";
import { asksModel, requestedModel, textsCount } from "./openai-request.ts";
import type { LlmRequest, LlmResponse, WireReader } from "./wire-reader.ts";

/** Text to speech. The answer is audio, which is neither kept nor decoded; as events it tells its usage. */
export const openAiSpeech: WireReader = {
  format: "openai.speech",
  matches: (method, pathname) => method === "POST" && pathname.endsWith("/audio/speech"),
  recognizes: (body) => asksModel(body, "input"),
  readRequest,
  readResponse,
  binary: true,
  streamReader: openAiMediaStreamReader,
};

function readRequest(body: unknown, pathname: string): LlmRequest {
  const fields = asObject(body) ?? {};
  return {
    operation: "generate_content",
    ...definedOnly({ model: requestedModel(fields, pathname) }),
    stream: fields["stream_format"] === "sse",
    messagesCount: textsCount(fields["input"]),
    toolsCount: 0,
    parameters: { outputType: "speech" },
  };
}

/** Only an error says something. */
function readResponse(body: unknown): LlmResponse {
  const errorType = errorTypeIn(asObject(body) ?? {});
  return { finishReasons: [], toolCallsCount: 0, ...definedOnly({ errorType }) };
}
