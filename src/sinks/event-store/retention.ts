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

const DELETE_OLDER = deletion("timestamp < to_timestamp($1::float8 / 1000) order by timestamp");
const DELETE_UP_TO = deletion("position <= $1::bigint order by position");

/**
 * The position up to which there are too many. It has to be counted, as there are gaps: so it is not looked for where
 * there can't be too many, and once a round.
 */
const FIND_BOUND = `select position::float8 as position from rlm_events
where (select max(position) - min(position) >= $1::bigint from rlm_events)
order by rlm_events.position desc offset $1::bigint limit 1`;

/** By where a row is: finding it by its id takes five times as long. */
function deletion(due: string): string {
  return `with gone as (
  delete from rlm_events where ctid = any(array(select ctid from rlm_events where ${due} limit ${CHUNK})) returning 1
) select count(*)::int as count from gone`;
}

/** Deletes what is too old or too much, in the background and in chunks; `undefined` when everything is kept. */
export function startRetention(options: RetentionOptions): Retention | undefined {
  const { channel, maxAgeMs, maxEvents, now, onFailed } = options;
  if (maxAgeMs === undefined && maxEvents === undefined) return undefined;
  let running: Promise<void> | undefined;

  async function deleteDue(database: Database): Promise<void> {
    let count = 0;
    if (maxAgeMs !== undefined) count += await inChunks(database, DELETE_OLDER, now() - maxAgeMs);
    if (maxEvents !== undefined) {
      const [bound] = await database.query(FIND_BOUND, [maxEvents]);
      if (bound) count += await inChunks(database, DELETE_UP_TO, Number(bound["position"]));
    }
    if (count > 0) await database.reclaim?.(count);
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
