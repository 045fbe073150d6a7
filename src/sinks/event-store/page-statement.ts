import type { EventQuery } from "./event-store.ts";

/** What the answer of one page may take, one event excepted. Bytes of JSON. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** What the events looked at for one page may take in the database, where large ones are compressed. Bytes. */
const MAX_STORED_BYTES = 512 * 1024;

const ROW = `json_build_array(position, schema_version, id, type, category, timestamp_ms, session_id, correlation_id,
  causation_id, trace_id, span_id, data)`;
/** By rows: by values, as it is without a word, the database sorts out which are equal. */
const BEFORE = "over (order by position rows unbounded preceding)";

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * Asks for one page as one text, `page`: a driver takes several times as long over as many rows. `candidates` is how many
 * events there are for it, one more than `limit` at the most: so what is left out is known of. First what an event takes
 * in the database is summed up, which is known without unpacking it; then what it takes as text.
 */
export function pageStatement(query: EventQuery, limit: number): Statement {
  const { where, parameters } = conditions(query);
  const sql = `with found as (
  select *, sum(pg_column_size(data)) ${BEFORE} - pg_column_size(data) as stored_before
  from (
    select * from rlm_events${where} order by rlm_events.position limit ${limit + 1}
  ) as candidate
), written as materialized (
  select position, ${ROW}::text as row from found where stored_before < ${MAX_STORED_BYTES} order by position limit ${limit}
), measured as (
  select position, row, sum(octet_length(row)) ${BEFORE} - octet_length(row) as bytes_before from written
)
select string_agg(row, ',' order by position) as page, (select count(*) from found)::int as candidates
from measured where bytes_before < ${MAX_PAGE_BYTES}`;
  return { sql, parameters };
}

function conditions({ sessionId, types, since, until, after }: EventQuery) {
  const [type, ...others] = types ?? [];
  const isOne = type !== undefined && others.length === 0;
  const given: readonly (readonly [string, unknown])[] = [
    ["position > #::bigint", after],
    ["session_id = #", sessionId],
    // one alone comes in the order of its index
    isOne ? ["type = #", type] : ["type = any(string_to_array(#, ','))", types?.join(",")],
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
