import { openAiCompletionsContent } from "./content/openai-completions-content.ts";
import { asObject, definedOnly } from "./json-fields.ts";
import { openAiChatStreamReader } from "./openai-chat-stream.ts";
import { readOpenAiChoices } from "./openai-choices.ts";
import { asksModel, requestedModel, samplingParameters, textsCount } from "./openai-request.ts";
import type { LlmRequest, WireReader } from "./wire-reader.ts";

/** OpenAI legacy completions; `messagesCount` is the number of prompts. */
export const openAiCompletions: WireReader = {
  format: "openai.completions",
  matches: (method, pathname) =>
    method === "POST" &&
    pathname.endsWith("/completions") &&
    !pathname.endsWith("/chat/completions"),
  recognizes: (body) => asksModel(body, "prompt"),
  readRequest,
  readResponse: readOpenAiChoices,
  streamReader: openAiChatStreamReader,
  content: openAiCompletionsContent,
};

function readRequest(body: unknown, pathname: string): LlmRequest {
  const fields = asObject(body) ?? {};
  return {
    operation: "text_completion",
    ...definedOnly({ model: requestedModel(fields, pathname) }),
    stream: fields["stream"] === true,
    messagesCount: textsCount(fields["prompt"]),
    toolsCount: 0,
    parameters: samplingParameters(fields),
  };
}
