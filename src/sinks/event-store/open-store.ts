import type { Database, OpenDatabase } from "./database.ts";
import { migrate, migrateExisting } from "./migrations/migrate.ts";
import { pgliteOpener } from "./pglite/pglite-database.ts";
import { postgresOpener } from "./postgres/postgres-database.ts";
import { shareDatabase } from "./share-database.ts";
import type { StoreLocation } from "./store-location.ts";

export interface OpenStoreOptions {
  readonly location: StoreLocation;
  readonly timeoutMs: number;
  readonly onUnsynced: () => void;
  /** A database without a store in it is an error, and none is made. */
  readonly mustExist?: boolean;
}

/** Opens the store with its schema up to date; each call is a connection of its own where the kind has several. */
export function storeOpener(options: OpenStoreOptions): OpenDatabase {
  const { location, timeoutMs, onUnsynced, mustExist = false } = options;
  const prepare = mustExist ? migrateExisting : migrate;
  if (location.kind === "server") {
    return prepared(postgresOpener({ url: location.url, timeoutMs }), prepare);
  }
  return shareDatabase(
    prepared(pgliteOpener({ folder: location.path, timeoutMs, onUnsynced }), prepare),
  );
}

function prepared(
  open: OpenDatabase,
  prepare: (database: Database) => Promise<void>,
): OpenDatabase {
  return async () => {
    const database = await open();
    try {
      await prepare(database);
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  };
}
