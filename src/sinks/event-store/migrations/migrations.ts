/** One step of the schema; what has been released is never changed, only added to. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/**
 * The schema of the store, in steps. Positions are given out and become visible in the same order, because everybody
 * who appends does so under one lock that is held until the rows are visible (docs/decisions/0015).
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    sql: `
create table rlm_events (
  id text collate "C" primary key,
  position bigint generated always as identity,
  type text not null,
  category text not null,
  timestamp timestamptz not null generated always as (to_timestamp(timestamp_ms / 1000)) stored,
  timestamp_ms double precision not null,
  session_id text,
  correlation_id text,
  causation_id text,
  trace_id text,
  span_id text,
  data jsonb not null,
  schema_version smallint not null
);
create unique index rlm_events_position on rlm_events (position);
create index rlm_events_session on rlm_events (session_id, position) where session_id is not null;
create index rlm_events_type on rlm_events (type, position);
create index rlm_events_timestamp on rlm_events (timestamp);

create function rlm_append_events(batch jsonb) returns bigint
language plpgsql set search_path from current as $$
declare
  appended bigint;
begin
  perform pg_advisory_xact_lock('rlm_events'::regclass::oid::int, 0);
  insert into rlm_events (id, type, category, timestamp_ms, session_id, correlation_id, causation_id, trace_id, span_id,
    data, schema_version)
  select id, type, category, timestamp_ms, session_id, correlation_id, causation_id, trace_id,
    span_id, data, schema_version
  from rows from (jsonb_to_recordset(batch) as (id text, type text, category text, timestamp_ms double precision,
    session_id text, correlation_id text, causation_id text, trace_id text, span_id text, data jsonb,
    schema_version smallint)) with ordinality
  order by ordinality
  on conflict (id) do nothing;
  get diagnostics appended = row_count;
  return appended;
end $$;
`,
  },
  {
    // a time is looked for in the order of positions: in the index, and not in each event
    version: 2,
    sql: `
drop index rlm_events_position;
create index rlm_events_position on rlm_events (position, timestamp);
`,
  },
];
