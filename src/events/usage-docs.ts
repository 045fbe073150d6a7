import { type FieldDocs, optional } from "./field-docs.ts";
import type { Usage } from "./usage.ts";

export const usageDocs: FieldDocs<Usage> = {
  inputTokens: optional("number", "All input, cached tokens included."),
  outputTokens: optional("number", "All output, reasoning included."),
  cacheReadTokens: optional("number", "Part of the input that was read from a cache."),
  cacheWriteTokens: optional("number", "Part of the input that was written to a cache."),
  reasoningTokens: optional("number", "Part of the output that is reasoning."),
  inputTextTokens: optional("number", "Part of the input that is text."),
  outputTextTokens: optional("number", "Part of the output that is text."),
  inputAudioTokens: optional("number", "Part of the input that is audio."),
  outputAudioTokens: optional("number", "Part of the output that is audio."),
  inputImageTokens: optional("number", "Part of the input that is images."),
  outputImageTokens: optional("number", "Part of the output that is images."),
  inputAudioSeconds: optional("number", "Length of audio that is billed by its length."),
  estimated: optional("string", "`input`, `output` or `all`: these totals are our estimates."),
};
