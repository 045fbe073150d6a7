import { createNdjsonScanner } from "./ndjson-scanner.ts";
import { createSseScanner } from "./sse-scanner.ts";
import type { StreamScanner } from "./stream-scanner.ts";

/** What makes the scanner of an answer of this content type; `undefined` for an answer that is read whole. */
export function streamScannerFor(
  contentType: string | null,
): ((onPayload: (payload: string) => void) => StreamScanner) | undefined {
  const type = contentType?.toLowerCase() ?? "";
  if (type.includes("text/event-stream")) return createSseScanner;
  return type.includes("application/x-ndjson") ? createNdjsonScanner : undefined;
}
