import { type Event, replayed } from "../../events/index.ts";
import { checkQuery } from "./check-query.ts";
import type { Channel } from "./channel.ts";
import { unavailable } from "./database-error.ts";
import type { EventPage, EventQuery, EventStore, StoredEvent } from "./event-store.ts";
import { holdProcess } from "./hold-process.ts";
import { readPage } from "./read-page.ts";

export interface EventReaderOptions {
  readonly channel: Channel;
  /** Of the store's URL; taken out of messages. */
  readonly secret: string | undefined;
}

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1_000;
/** Events that are read at once for a loop over all. */
const LOOP_PAGE_SIZE = 500;

/** Reads the store for the application. */
export function createEventReader({ channel, secret }: EventReaderOptions): EventStore {
  async function fetchPage(query: EventQuery, size: number): Promise<EventPage> {
    try {
      return await holdProcess(channel.run((database) => readPage(database, query, size)));
    } catch (error) {
      throw unavailable(error, secret);
    }
  }

  async function* read(query: EventQuery = {}): AsyncGenerator<StoredEvent, void> {
    checkQuery(query, { from: 0, to: Number.MAX_SAFE_INTEGER });
    let { after, limit: left = Number.POSITIVE_INFINITY } = query;
    while (left > 0) {
      const size = Math.min(LOOP_PAGE_SIZE, left);
      const { events, nextCursor } = await fetchPage(withAfter(query, after), size);
      yield* events;
      if (nextCursor === undefined) return;
      after = nextCursor;
      left -= events.length;
    }
  }

  return {
    read,
    async page(query = {}) {
      checkQuery(query, { from: 1, to: MAX_PAGE_SIZE });
      return fetchPage(query, query.limit ?? DEFAULT_PAGE_SIZE);
    },
    async replay(query, handler) {
      const report = { replayed: 0, skipped: 0 };
      let lastPosition: number | undefined;
      const { parseEvent } = await import("../../schemas/index.ts");
      for await (const stored of read(query)) {
        const event = parsed(stored, parseEvent);
        lastPosition = stored.position;
        if (event === undefined) report.skipped += 1;
        else {
          await handler(replayed(event), stored.position);
          report.replayed += 1;
        }
      }
      return { ...report, ...(lastPosition !== undefined && { lastPosition }) };
    },
  };
}

function parsed(
  { event, schemaVersion }: StoredEvent,
  parse: (value: unknown) => Event,
): Event | undefined {
  try {
    return parse({ ...event, schemaVersion });
  } catch {
    return undefined;
  }
}

function withAfter(query: EventQuery, after: number | undefined): EventQuery {
  return after === undefined ? query : { ...query, after };
}
