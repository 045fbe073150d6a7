import { type Event, replayed } from "../../events/index.ts";
import { checkEventQuery } from "./check-query.ts";
import type { EventPage, EventQuery, EventStore, StoredEvent } from "./event-store.ts";

/**
 * Reads at most so many events of a query that was checked.
 * @throws ObservabilityError `STORE_UNAVAILABLE`
 */
export type FetchPage = (query: EventQuery, size: number) => Promise<EventPage>;

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1_000;
/** Events that are read at once for a loop over all. */
const LOOP_PAGE_SIZE = 500;

/** Reads the store for the application, which may be in another thread than the store. */
export function createEventReader(fetchPage: FetchPage): EventStore {
  async function* read(query: EventQuery = {}): AsyncGenerator<StoredEvent, void> {
    checkEventQuery(query, [0, Number.MAX_SAFE_INTEGER]);
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
      checkEventQuery(query, [1, MAX_PAGE_SIZE]);
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
