import { asObject } from "../json-fields.ts";
import type { ContentFormat } from "./content-format.ts";
import { openAiChatContentStream } from "./openai-chat-content-stream.ts";
import { named, objectsIn, textPart } from "./parts.ts";
import { promptMessages } from "./prompt-messages.ts";

/** Content of legacy completions. */
export const openAiCompletionsContent: ContentFormat = {
  readRequest: (body) => ({
    messages: promptMessages(asObject(body)?.["prompt"]),
    systemInstructions: [],
    tools: [],
  }),
  readResponse: (body) =>
    objectsIn(asObject(body)?.["choices"]).map((choice) => ({
      role: "assistant",
      parts: textPart(choice["text"]),
      ...named("finishReason", choice["finish_reason"]),
    })),
  stream: openAiChatContentStream,
};
