export { asErrorCode } from "./error-code.ts";
export { asArray, asObject, asText, definedOnly } from "./json-fields.ts";
export { createSseScanner, type SseScanner } from "./sse-scanner.ts";
export type { LlmRequest, LlmResponse, StreamReader, WireReader } from "./wire-reader.ts";
export { wireReaders } from "./wire-readers.ts";
