import type { Channel } from "./channel.ts";
import type { Database } from "./database.ts";

export interface RetentionOptions {
  readonly channel: Channel;
  /** Events older than this are deleted. Milliseconds; `undefined`: none are. */
  readonly maxAgeMs: number | undefined;
  /** Events that are kept, the latest ones; `undefined`: all. */
  readonly maxEvents: number | undefined;
  /** Unix epoch in milliseconds. */
  readonly now: () => number;
  /** Told what could not be deleted; it is tried again in the next round. */
  readonly onFailed: (error: unknown) => void;
}

export interface Retention {
  /** Deletes what is due. Never rejects. */
  run(): Promise<void>;
  stop(): void;
}

const INTERVAL_MS = 60_000;
/** Rows of one statement: a few milliseconds, so that nobody waits long for them. */
const CHUNK = 1_000;
/** Chunks of one round; what is left is for the next one. */
const MAX_CHUNKS = 100;

const BY_AGE = `with due as (
  select id from rlm_events where timestamp < to_timestamp($1::float8 / 1000) order by timestamp limit ${CHUNK}
), gone as (delete from rlm_events where id in (select id from due) returning 1)
select count(*)::int as count from gone`;

const BY_COUNT = `with bound as (
  select position from rlm_events order by position desc offset $1::bigint limit 1
), due as (
  select id from rlm_events where position <= (select position from bound) order by position limit ${CHUNK}
), gone as (delete from rlm_events where id in (select id from due) returning 1)
select count(*)::int as count from gone`;

/** Deletes what is too old or too much, in the background and in chunks; `undefined` when everything is kept. */
export function startRetention(options: RetentionOptions): Retention | undefined {
  const { channel, maxAgeMs, maxEvents, now, onFailed } = options;
  if (maxAgeMs === undefined && maxEvents === undefined) return undefined;
  let running: Promise<void> | undefined;

  async function deleteDue(database: Database): Promise<void> {
    let count = 0;
    if (maxAgeMs !== undefined) count += await inChunks(database, BY_AGE, now() - maxAgeMs);
    if (maxEvents !== undefined) count += await inChunks(database, BY_COUNT, maxEvents);
    if (count > 0) await database.reclaim?.();
  }

  const run = () =>
    (running ??= channel
      .run(deleteDue)
      .catch(onFailed)
      .finally(() => (running = undefined)));
  const timer = setInterval(() => void run(), INTERVAL_MS).unref();
  return { run, stop: () => clearInterval(timer) };
}

async function inChunks(database: Database, sql: string, bound: number): Promise<number> {
  let total = 0;
  for (let chunk = 0; chunk < MAX_CHUNKS; chunk += 1) {
    const [row] = await database.query(sql, [bound]);
    const count = Number(row?.["count"]);
    total += count;
    if (count < CHUNK) break;
  }
  return total;
}
