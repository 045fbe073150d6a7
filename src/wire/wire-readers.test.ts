import { expect, test } from "vitest";
import { wireReaders } from "./wire-readers.ts";

test.each([
  ["/v1/chat/completions", "openai.chat_completions"],
  ["/openai/deployments/gpt/chat/completions", "openai.chat_completions"],
  ["/v1/responses", "openai.responses"],
  ["/v1/embeddings", "openai.embeddings"],
  ["/v1/completions", "openai.completions"],
  ["/v1/images/generations", "openai.images"],
  ["/v1/images/edits", "openai.images"],
  ["/v1/images/variations", "openai.images"],
  ["/v1/audio/speech", "openai.speech"],
  ["/v1/audio/transcriptions", "openai.transcriptions"],
  ["/v1/audio/translations", "openai.transcriptions"],
  ["/v1/moderations", "openai.moderations"],
  ["/v1/responses/compact", "openai.responses_compact"],
  ["/v1/messages", "anthropic.messages"],
  ["/api/chat", "ollama.chat"],
  ["/api/generate", "ollama.generate"],
  ["/api/embed", "ollama.embed"],
  ["/v1beta/models/gemini-2.5-flash:streamGenerateContent", "gemini.generate_content"],
  ["/v1beta/models/gemini-embedding-001:embedContent", "gemini.embed_content"],
  ["/v1beta/models/gemini-embedding-001:batchEmbedContents", "gemini.embed_content"],
  ["/v1beta/models/gemini-embedding-001:asyncBatchEmbedContent", undefined],
  ["/v1beta/models/gemini-2.5-flash:countTokens", undefined],
  ["/v1/responses/resp_1/cancel", undefined],
  ["/v1/responses/input_tokens", undefined],
  ["/v1/messages/count_tokens", undefined],
  ["/v1/files", undefined],
])("POST %s is read by one reader at the most: %s", (pathname, format) => {
  const readers = wireReaders.filter((reader) => reader.matches("POST", pathname));
  expect(readers.map((reader) => reader.format)).toEqual(format === undefined ? [] : [format]);
});

test("each format has a name of its own", () => {
  expect(new Set(wireReaders.map(({ format }) => format)).size).toBe(wireReaders.length);
});
