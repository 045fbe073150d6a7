import { anthropicMessages } from "./anthropic-messages.ts";
import { ollamaChat, ollamaEmbed, ollamaGenerate } from "./ollama.ts";
import { openAiChat } from "./openai-chat.ts";
import type { WireReader } from "./wire-reader.ts";

/** Every wire format that is understood. The first that matches a request reads it; no two match the same one. */
export const wireReaders: readonly WireReader[] = [
  openAiChat,
  anthropicMessages,
  ollamaChat,
  ollamaGenerate,
  ollamaEmbed,
];
