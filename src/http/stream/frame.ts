import type { Event, EventCategory, EventType } from "../../events/index.ts";

/** A message of a stream as it is sent, made once for all clients. */
export interface Frame {
  /** Missing: it is for everybody. */
  readonly event?: Pick<Event, "id" | "type" | "category" | "sessionId">;
  readonly bytes: Uint8Array;
}

/** Which events a client wants; what is left out does not matter. */
export interface StreamFilter {
  readonly sessionId?: string | undefined;
  readonly types?: readonly EventType[] | undefined;
  readonly categories?: readonly EventCategory[] | undefined;
}

const encoder = new TextEncoder();

/** The event's JSON has no line ends, and its id and type no other than printable characters. */
export function eventFrame(event: Event, json: string): Frame {
  const { id, type, category, sessionId } = event;
  return {
    event: { id, type, category, ...(sessionId !== undefined && { sessionId }) },
    bytes: encoder.encode(`id: ${oneLine(id)}\nevent: ${type}\ndata: ${json}\n\n`),
  };
}

/** Events are missing here: `lost` of them, or nobody knows how many. It has no id, so that a client keeps its last. */
export function gapFrame(reason: GapReason, lost: number | null): Frame {
  return { bytes: encoder.encode(`event: gap\ndata: ${JSON.stringify({ reason, lost })}\n\n`) };
}

/**
 * `unknown_last_event_id`: it is too old, or of another process · `overload`: more came at once than could be handed out ·
 * `slow_client`: it took too long to read, and is disconnected.
 */
export type GapReason = "unknown_last_event_id" | "overload" | "slow_client";

/** Keeps the connection open. The id moves on what a client asks for later past what it filtered out. */
export function heartbeatFrame(lastId: string | undefined): Uint8Array {
  return encoder.encode(
    lastId === undefined ? ": heartbeat\n\n" : `: heartbeat\nid: ${oneLine(lastId)}\n\n`,
  );
}

/** What a stream begins with: how long a client is to wait before it connects again. */
export const FIRST_BYTES = encoder.encode("retry: 3000\n\n");

export function isWanted({ event }: Frame, filter: StreamFilter): boolean {
  if (event === undefined) return true;
  const { sessionId, types, categories } = filter;
  if (sessionId !== undefined && event.sessionId !== sessionId) return false;
  if (types === undefined && categories === undefined) return true;
  return (types?.includes(event.type) ?? false) || (categories?.includes(event.category) ?? false);
}

/** Ids of events from another instance are anybody's text. */
function oneLine(id: string): string {
  return id.replaceAll(/[\0\r\n]/g, "");
}
