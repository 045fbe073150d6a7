import type { Event } from "../../events/index.ts";
import type { Database } from "./database.ts";
import type { EventPage, EventQuery, StoredEvent } from "./event-store.ts";
import { pageStatement } from "./page-statement.ts";

/** A stored event as `page-statement.ts` writes it; what an event does not have is `null`. */
type Row = readonly [
  position: number,
  schemaVersion: number,
  id: string,
  type: string,
  category: string,
  timestamp: number,
  sessionId: string | null,
  correlationId: string | null,
  causationId: string | null,
  traceId: string | null,
  spanId: string | null,
  data: unknown,
];

/** One page in the order of positions: `limit` events, or fewer if they are large. */
export async function readPage(
  database: Database,
  query: EventQuery,
  limit: number,
): Promise<EventPage> {
  const { sql, parameters } = pageStatement(query, limit);
  const [answer] = await database.query(sql, parameters);
  const text = answer?.["page"];
  const rows = JSON.parse(typeof text === "string" ? `[${text}]` : "[]") as readonly Row[];
  const events = rows.map((row) => storedEvent(row));
  const last = events.at(-1);
  const hasMore = Number(answer?.["candidates"]) > events.length;
  return { events, ...(hasMore && last && { nextCursor: last.position }) };
}

function storedEvent(row: Row): StoredEvent {
  const [position, schemaVersion, id, type, category, timestamp, ...others] = row;
  const [sessionId, correlationId, causationId, traceId, spanId, data] = others;
  const event = {
    id,
    type,
    category,
    timestamp,
    ...(sessionId !== null && { sessionId }),
    ...(correlationId !== null && { correlationId }),
    ...(causationId !== null && { causationId }),
    ...(traceId !== null && { traceId }),
    ...(spanId !== null && { spanId }),
    data,
  };
  // the columns are what `encodeEvent` made of an event; who must be sure has it parsed, as a replay does
  return { position, schemaVersion, event: event as unknown as Event };
}
