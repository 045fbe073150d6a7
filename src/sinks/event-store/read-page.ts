import type { Event } from "../../events/index.ts";
import type { Database, Row } from "./database.ts";
import type { EventPage, EventQuery, StoredEvent } from "./event-store.ts";

const COLUMNS = `position::float8 as position, id, type, category, timestamp_ms,
  session_id, correlation_id, causation_id, trace_id, span_id, data, schema_version`;

/** One page in the order of positions. One row more than asked for is read, to know whether there is another page. */
export async function readPage(
  database: Database,
  query: EventQuery,
  limit: number,
): Promise<EventPage> {
  const { where, parameters } = conditions(query);
  const sql = `select ${COLUMNS} from rlm_events${where} order by position limit ${limit + 1}`;
  const rows = await database.query(sql, parameters);
  const events = rows.slice(0, limit).map((row) => storedEvent(row));
  const last = events.at(-1);
  return { events, ...(rows.length > limit && last && { nextCursor: last.position }) };
}

function conditions({ sessionId, types, since, until, after }: EventQuery) {
  const given: readonly (readonly [string, unknown])[] = [
    ["position > #::bigint", after],
    ["session_id = #", sessionId],
    ["type = any(string_to_array(#, ','))", types?.join(",")],
    ["timestamp >= to_timestamp(#::float8 / 1000)", since],
    ["timestamp < to_timestamp(#::float8 / 1000)", until],
  ];
  const present = given.filter(([, value]) => value !== undefined);
  const terms = present.map(([term], index) => term.replace("#", `$${index + 1}`));
  return {
    where: terms.length === 0 ? "" : ` where ${terms.join(" and ")}`,
    parameters: present.map(([, value]) => value),
  };
}

function storedEvent(row: Row): StoredEvent {
  const { position, id, type, category, timestamp_ms: timestamp, data } = row;
  const event = {
    id,
    type,
    category,
    timestamp,
    ...ifSet("sessionId", row["session_id"]),
    ...ifSet("correlationId", row["correlation_id"]),
    ...ifSet("causationId", row["causation_id"]),
    ...ifSet("traceId", row["trace_id"]),
    ...ifSet("spanId", row["span_id"]),
    data,
  };
  // the columns are what `encodeEvent` made of an event; who must be sure has it parsed, as a replay does
  return {
    position: Number(position),
    schemaVersion: Number(row["schema_version"]),
    event: event as unknown as Event,
  };
}

function ifSet(name: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === null ? {} : { [name]: value };
}
