import { openAiChatContent } from "./content/openai-chat-content.ts";
import { asArray, asObject } from "./json-fields.ts";
import { openAiChatStreamReader } from "./openai-chat-stream.ts";
import { readOpenAiChoices } from "./openai-choices.ts";
import { requestedModel, samplingParameters } from "./openai-request.ts";
import type { LlmRequest, WireReader } from "./wire-reader.ts";

const PATH_END = "/chat/completions";

/** OpenAI chat completions, and everything that speaks the same format. */
export const openAiChat: WireReader = {
  format: "openai.chat_completions",
  matches: (method, pathname) => method === "POST" && pathname.endsWith(PATH_END),
  readRequest,
  readResponse: readOpenAiChoices,
  streamReader: openAiChatStreamReader,
  content: openAiChatContent,
};

function readRequest(body: unknown, pathname: string): LlmRequest {
  const fields = asObject(body) ?? {};
  return {
    operation: "chat",
    model: requestedModel(fields, pathname),
    stream: fields["stream"] === true,
    messagesCount: asArray(fields["messages"]).length,
    toolsCount: asArray(fields["tools"]).length,
    parameters: samplingParameters(fields),
  };
}
