import { anthropicMessages } from "./anthropic-messages.ts";
import { geminiGenerateContent } from "./gemini-generate-content.ts";
import { ollamaChat, ollamaEmbed, ollamaGenerate } from "./ollama.ts";
import { openAiChat } from "./openai-chat.ts";
import { openAiCompletions } from "./openai-completions.ts";
import { openAiEmbeddings } from "./openai-embeddings.ts";
import { openAiResponses } from "./openai-responses.ts";
import type { WireReader } from "./wire-reader.ts";

/** Every wire format that is understood. The first that matches a request reads it; no two match the same one. */
export const wireReaders: readonly WireReader[] = [
  openAiChat,
  openAiResponses,
  openAiEmbeddings,
  openAiCompletions,
  anthropicMessages,
  ollamaChat,
  ollamaGenerate,
  ollamaEmbed,
  geminiGenerateContent,
];
