import { existsSync } from "node:fs";
import { join } from "node:path";
import { ObservabilityError } from "../../errors/index.ts";
import { Channel } from "./channel.ts";
import { createEventReader } from "./event-reader.ts";
import type { EventStore } from "./event-store.ts";
import { createPageFetcher } from "./fetch-page.ts";
import { holdProcess } from "../../timing/index.ts";
import { storeOpener } from "./open-store.ts";
import { storeLocation } from "./store-location.ts";

export interface OpenEventReaderOptions {
  /** A folder, or the URL of a PostgreSQL server. */
  readonly store: string;
  /** What connecting, and one statement, may take. Milliseconds. */
  readonly timeoutMs: number;
}

export interface OpenEventReader {
  readonly store: EventStore;
  close(): Promise<void>;
}

/**
 * Opens a store that is there, to read it.
 * @throws ObservabilityError `STORE_UNAVAILABLE` for a folder that is none; later, whatever reading throws
 */
export function openEventReader({ store, timeoutMs }: OpenEventReaderOptions): OpenEventReader {
  const location = storeLocation(store);
  if (location.kind === "folder" && !existsSync(join(location.path, "pgdata"))) {
    throw new ObservabilityError(
      "STORE_UNAVAILABLE",
      `There is no event store in the folder ${location.path}.`,
    );
  }
  const open = storeOpener({ location, timeoutMs, mustExist: true, onUnsynced: () => undefined });
  const channel = new Channel(open);
  const secret = location.kind === "server" ? location.secret : undefined;
  return {
    store: createEventReader(createPageFetcher({ channel, secret })),
    close: () => holdProcess(channel.close()),
  };
}
