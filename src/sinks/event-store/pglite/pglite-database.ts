import { createRequire } from "node:module";
import { ObservabilityError } from "../../../errors/index.ts";
import type { ProcessLock } from "../../../process-lock/index.ts";
import type { Database, OpenDatabase, Row } from "../database.ts";
import { deadline } from "../deadline.ts";
import { lockFolder } from "./folder-lock.ts";
import { PgliteThread } from "./pglite-thread.ts";

export interface PgliteOptions {
  readonly folder: string;
  /** What one statement may take. Milliseconds. */
  readonly timeoutMs: number;
  /** Told when a power cut could take what was acknowledged. */
  readonly onUnsynced: () => void;
  /** Where the optional peer is; injected so that its absence can be tried. */
  readonly find?: () => string;
}

/** To load WASM and, once, to make a new cluster: seconds on a busy machine. */
const OPEN_LIMIT_MS = 60_000;
const CLOSE_LIMIT_MS = 2_000;
const RECLAIM_LIMIT_MS = 60_000;
/** Room of deleted events is used again when they were so many of those that are there: all indexes are read for it. */
const RECLAIMED_SHARE = 0.1;
/** As of the last statistics. */
const COUNT_ROWS = `select reltuples::float8 as count from pg_class where oid = 'rlm_events'::regclass`;

/**
 * The embedded server has nobody who keeps statistics, and without them it reads much to find little. They are made anew
 * when the table has doubled.
 */
const KEEP_STATISTICS = `do $$ begin
  if exists (
    select from pg_class
    where oid = to_regclass('rlm_events') and pg_relation_size(oid) > 2 * relpages * current_setting('block_size')::bigint
  ) then
    analyze rlm_events (position, type, session_id, timestamp);
  end if;
end $$`;

/** PostgreSQL in this process, in a thread of its own, in a folder. */
export function pgliteOpener(options: PgliteOptions): OpenDatabase {
  return async () => {
    const module = findPglite(options.find);
    const lock = await lockFolder(options.folder);
    const thread = new PgliteThread();
    try {
      const opening = thread.ask({
        kind: "open",
        module,
        parent: options.folder,
        upkeep: KEEP_STATISTICS,
      });
      const synced = await deadline(opening, OPEN_LIMIT_MS, () => void thread.terminate());
      if (synced !== true) options.onUnsynced();
    } catch (error) {
      await thread.terminate();
      await lock.release();
      throw error;
    }
    return opened(thread, lock, options.timeoutMs);
  };
}

function opened(thread: PgliteThread, lock: ProcessLock, timeoutMs: number): Database {
  const end = () => void thread.terminate();
  let deleted = 0;
  let reclaiming: Promise<unknown> = Promise.resolve();

  const query: Database["query"] = async (sql, parameters, limitMs = timeoutMs) => {
    // it takes seconds where there is much, which are not the statement's own
    await reclaiming;
    const request = { kind: "query", sql, ...(parameters && { parameters }) } as const;
    const rows = await deadline(thread.ask(request), limitMs, end);
    // the program answers a query with its rows
    return rows as readonly Row[];
  };

  return {
    get usable() {
      return thread.running;
    },
    query,
    async reclaim(count) {
      deleted += count;
      const [table] = await query(COUNT_ROWS, []);
      if (deleted < RECLAIMED_SHARE * Number(table?.["count"])) return;
      deleted = 0;
      const work = query("vacuum (analyze) rlm_events", undefined, RECLAIM_LIMIT_MS);
      reclaiming = work.catch(() => undefined);
      await work;
    },
    async close() {
      await deadline(thread.ask({ kind: "close" }), CLOSE_LIMIT_MS, end).catch(() => undefined);
      await thread.terminate();
      await lock.release().catch(() => undefined);
    },
  };
}

/** @throws ObservabilityError `PEER_MISSING`, with what to install */
function findPglite(
  find = () => createRequire(import.meta.url).resolve("@electric-sql/pglite"),
): string {
  try {
    return find();
  } catch (cause) {
    throw new ObservabilityError(
      "PEER_MISSING",
      "An event store in a folder needs the optional package `@electric-sql/pglite`: npm install @electric-sql/pglite",
      { cause },
    );
  }
}
