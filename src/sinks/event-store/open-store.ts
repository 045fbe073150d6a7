import type { OpenDatabase } from "./database.ts";
import { migrate } from "./migrations/migrate.ts";
import { pgliteOpener } from "./pglite/pglite-database.ts";
import { postgresOpener } from "./postgres/postgres-database.ts";
import { shareDatabase } from "./share-database.ts";
import type { StoreLocation } from "./store-location.ts";

export interface OpenStoreOptions {
  readonly location: StoreLocation;
  readonly timeoutMs: number;
  readonly onUnsynced: () => void;
}

/** Opens the store with its schema up to date; each call is a connection of its own where the kind has several. */
export function storeOpener({ location, timeoutMs, onUnsynced }: OpenStoreOptions): OpenDatabase {
  if (location.kind === "server") {
    return migrated(postgresOpener({ url: location.url, timeoutMs }));
  }
  return shareDatabase(migrated(pgliteOpener({ folder: location.path, timeoutMs, onUnsynced })));
}

function migrated(open: OpenDatabase): OpenDatabase {
  return async () => {
    const database = await open();
    try {
      await migrate(database);
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  };
}
