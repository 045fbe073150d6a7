import { type Event, EVENT_SCHEMA_VERSION } from "../../events/index.ts";

/** What one event may take as JSON; a captured conversation is far below. Characters. */
export const MAX_EVENT_CHARACTERS = 1024 * 1024;

export type Encoded =
  | { readonly json: string }
  | { readonly refused: "not_serializable" | "too_large" };

/** An event as the row that `rlm_append_events` takes. */
export function encodeEvent(event: Event): Encoded {
  try {
    const json = JSON.stringify({
      id: event.id,
      type: event.type,
      category: event.category,
      timestamp_ms: event.timestamp,
      session_id: event.sessionId,
      correlation_id: event.correlationId,
      causation_id: event.causationId,
      trace_id: event.traceId,
      span_id: event.spanId,
      data: event.data,
      schema_version: EVENT_SCHEMA_VERSION,
    });
    return json.length > MAX_EVENT_CHARACTERS ? { refused: "too_large" } : { json };
  } catch {
    return { refused: "not_serializable" };
  }
}
