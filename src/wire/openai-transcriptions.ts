import { errorTypeIn } from "./error-code.ts";
import { asNumber, asObject, asText, definedOnly, parseObject } from "./json-fields.ts";
import { openAiMediaStreamReader } from "./openai-media-stream.ts";
import { asksStream, requestedModel } from "./openai-request.ts";
import { readTranscriptUsage } from "./openai-usage.ts";
import type { LlmRequest, LlmResponse, WireReader } from "./wire-reader.ts";

const PATH = /\/audio\/(?:transcriptions|translations)$/;

/** Speech to text, in the language spoken or in English. The request is a form, the answer JSON, text or subtitles. */
export const openAiTranscriptions: WireReader = {
  format: "openai.transcriptions",
  matches: (method, pathname) => method === "POST" && PATH.test(pathname),
  recognizes: (body) => asText(asObject(body)?.["model"]) !== undefined,
  readRequest,
  readResponse,
  readResponseText: (text) => readResponse(parseObject(text)),
  streamReader: openAiMediaStreamReader,
};

function readRequest(body: unknown, pathname: string): LlmRequest {
  const fields = asObject(body) ?? {};
  const { temperature } = fields;
  return {
    operation: "generate_content",
    ...definedOnly({ model: requestedModel(fields, pathname) }),
    stream: asksStream(fields),
    messagesCount: 1,
    toolsCount: 0,
    parameters: {
      outputType: "text",
      ...definedOnly({
        temperature: asNumber(typeof temperature === "string" ? Number(temperature) : temperature),
      }),
    },
  };
}

function readResponse(body: unknown): LlmResponse {
  const fields = asObject(body) ?? {};
  // a verbose answer without usage has at least the length of what was heard
  const usage = asObject(fields["usage"]) ?? { seconds: fields["duration"] };
  return {
    finishReasons: [],
    toolCallsCount: 0,
    ...definedOnly({ usage: readTranscriptUsage(usage), errorType: errorTypeIn(fields) }),
  };
}
