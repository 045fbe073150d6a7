import { errorTypeIn } from "./error-code.ts";
import { asCount, asObject, definedOnly, parseObject, type JsonObject } from "./json-fields.ts";
import { openAiMediaStreamReader } from "./openai-media-stream.ts";
import { asksModel, asksStream, requestedModel, textsCount } from "./openai-request.ts";
import { readOpenAiResponsesUsage } from "./openai-usage.ts";
import { withoutBase64 } from "./without-base64.ts";
import type { LlmRequest, LlmResponse, WireReader } from "./wire-reader.ts";

const PATH = /\/images\/(?:generations|edits|variations)$/;

/** Making, editing and varying images; `messagesCount` is the number of prompts. Images are never looked at. */
export const openAiImages: WireReader = {
  format: "openai.images",
  matches: (method, pathname) => method === "POST" && PATH.test(pathname),
  recognizes: (body) => asksModel(body, "prompt"),
  readRequest,
  readResponse,
  readResponseText,
  streamReader: openAiMediaStreamReader,
};

function readRequest(body: unknown, pathname: string): LlmRequest {
  const fields = asObject(body) ?? {};
  return {
    operation: "generate_content",
    ...definedOnly({ model: requestedModel(fields, pathname) }),
    stream: asksStream(fields),
    messagesCount: textsCount(fields["prompt"]),
    toolsCount: 0,
    parameters: { outputType: "image", ...definedOnly({ choiceCount: imagesCount(fields) }) },
  };
}

/** A form has it as text. */
function imagesCount({ n }: JsonObject): number | undefined {
  return asCount(typeof n === "string" ? Number(n) : n);
}

function readResponse(body: unknown): LlmResponse {
  const fields = asObject(body) ?? {};
  return {
    finishReasons: [],
    toolCallsCount: 0,
    ...definedOnly({
      usage: readOpenAiResponsesUsage(fields["usage"]),
      errorType: errorTypeIn(fields),
    }),
  };
}

function readResponseText(text: string): LlmResponse | undefined {
  const around = parseObject(withoutBase64(text));
  return around && readResponse(around);
}
