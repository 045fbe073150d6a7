import { expect, test } from "vitest";
import { apiName } from "./api-name.ts";

test.each([
  ["/v1/files", "files"],
  ["/v1/files/file-abc/content", "files"],
  ["/v1/batches/batch_1/cancel", "batches"],
  ["/v1/messages/batches", "batches"],
  ["/v1/messages/count_tokens", "count_tokens"],
  ["/v1/responses/resp_1", "responses"],
  ["/v1/responses/resp_1/cancel", "responses"],
  ["/v1/responses/input_tokens", "input_tokens"],
  ["/v1/uploads/upload_1/parts", "uploads"],
  ["/v1/vector_stores/vs_1/files", "vector_stores"],
  ["/v1/fine_tuning/jobs", "fine_tuning"],
  ["/v1/chat/completions/chatcmpl-1", "completions"],
  ["/v1/models", "models"],
  ["/v1beta/models/gemini-embedding-001:asyncBatchEmbedContent", "batches"],
  ["/v1beta/models/gemini-2.5-flash:countTokens", "count_tokens"],
  ["/api/tags", "tags"],
  ["/v1/whatever/comes", "other"],
  ["/", "other"],
  ["/v1/x:constructor", "other"],
])("%s is %s", (pathname, api) => {
  expect(apiName(pathname)).toBe(api);
});
