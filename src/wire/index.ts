export { boundResponse } from "./bound-response.ts";
export type {
  ContentFormat,
  ContentStream,
  HoldLimits,
  RawJson,
  RawMessage,
  RawPart,
  RawRequest,
  RawText,
  RawTool,
} from "./content/content-format.ts";
export { asErrorCode } from "./error-code.ts";
export {
  asArray,
  asObject,
  asText,
  definedOnly,
  type JsonObject,
  parseObject,
} from "./json-fields.ts";
export { createSseScanner } from "./sse-scanner.ts";
export type { StreamScanner } from "./stream-scanner.ts";
export { streamScannerFor } from "./stream-scanner-for.ts";
export { estimateInputTokens, estimatingReader } from "./estimate-usage.ts";
export { createUsageChunkFilter, type UsageChunkFilter } from "./usage-chunk-filter.ts";
export type { LlmRequest, LlmResponse, StreamReader, WireReader } from "./wire-reader.ts";
export { wireReaders } from "./wire-readers.ts";
