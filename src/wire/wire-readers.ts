import { anthropicMessages } from "./anthropic-messages.ts";
import { geminiEmbedContent } from "./gemini-embed-content.ts";
import { geminiGenerateContent } from "./gemini-generate-content.ts";
import { ollamaChat, ollamaEmbed, ollamaGenerate } from "./ollama.ts";
import { openAiChat } from "./openai-chat.ts";
import { openAiCompletions } from "./openai-completions.ts";
import { openAiEmbeddings } from "./openai-embeddings.ts";
import { openAiImages } from "./openai-images.ts";
import { openAiModerations } from "./openai-moderations.ts";
import { openAiResponsesCompact } from "./openai-responses-compact.ts";
import { openAiResponses } from "./openai-responses.ts";
import { openAiSpeech } from "./openai-speech.ts";
import { openAiTranscriptions } from "./openai-transcriptions.ts";
import type { WireReader } from "./wire-reader.ts";

/** Every wire format that is understood. The first that matches a request reads it; no two match the same one. */
export const wireReaders: readonly WireReader[] = [
  openAiChat,
  openAiResponses,
  openAiEmbeddings,
  openAiCompletions,
  openAiImages,
  openAiSpeech,
  openAiTranscriptions,
  openAiModerations,
  openAiResponsesCompact,
  anthropicMessages,
  ollamaChat,
  ollamaGenerate,
  ollamaEmbed,
  geminiGenerateContent,
  geminiEmbedContent,
];
