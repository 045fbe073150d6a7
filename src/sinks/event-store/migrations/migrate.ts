import { ObservabilityError } from "../../../errors/index.ts";
import type { Database } from "../database.ts";
import { migrations } from "./migrations.ts";

/** Any number, the same in every process: guards the migrations of one database. */
const LOCK = 5_071_015;

/** What one step may take: an index of a large store is built in minutes. */
const LIMIT_MS = 600_000;

const FIND_TABLE = "select to_regclass('rlm_event_migrations') is not null as found";
const VERSION = "select coalesce(max(version), 0)::int as version from rlm_event_migrations";
const CREATE_TABLE = `create table if not exists rlm_event_migrations (
  version int primary key,
  applied_at timestamptz not null default now()
)`;

/**
 * Brings the schema up to date. Processes that start at once wait for each other; the whole is one transaction.
 * @throws ObservabilityError `STORE_NEWER`
 */
export async function migrate(database: Database, steps = migrations): Promise<void> {
  const latest = steps.at(-1)?.version ?? 0;
  if ((await currentVersion(database, latest)) === latest) return;
  await database.query("begin");
  try {
    await database.query(`select pg_advisory_xact_lock(${LOCK})`);
    await database.query(CREATE_TABLE);
    const applied = await currentVersion(database, latest);
    await database.query(`set local statement_timeout = ${LIMIT_MS}`);
    for (const { version, sql } of steps.filter((step) => step.version > applied)) {
      await database.query(sql, undefined, LIMIT_MS);
      await database.query("insert into rlm_event_migrations (version) values ($1)", [version]);
    }
    await database.query("commit");
  } catch (error) {
    await database.query("rollback").catch(() => undefined);
    throw error;
  }
}

/**
 * The same for a store that must be there.
 * @throws ObservabilityError `STORE_UNAVAILABLE` where there is none; `STORE_NEWER`
 */
export async function migrateExisting(database: Database): Promise<void> {
  const [table] = await database.query(FIND_TABLE);
  if (table?.["found"] === true) return migrate(database);
  throw new ObservabilityError("STORE_UNAVAILABLE", "There is no event store in this database.");
}

async function currentVersion(database: Database, latest: number): Promise<number> {
  const [table] = await database.query(FIND_TABLE);
  if (table?.["found"] !== true) return 0;
  const [row] = await database.query(VERSION);
  const version = Number(row?.["version"]);
  if (version <= latest) return version;
  throw new ObservabilityError(
    "STORE_NEWER",
    `The event store has schema ${version}, this version of the package knows ${latest}: update @rlm-toolkit/observability.`,
  );
}
