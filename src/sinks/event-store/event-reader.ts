import { type Event, replayed } from "../../events/index.ts";
import { checkEventQuery, checkHandler } from "./check-query.ts";
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
    let left = query.limit ?? Number.POSITIVE_INFINITY;
    let coming = fetchNext(query, left);
    while (coming !== undefined) {
      const { events, nextCursor } = await coming;
      left -= events.length;
      coming =
        nextCursor === undefined ? undefined : fetchNext({ ...query, after: nextCursor }, left);
      yield* events;
    }
  }

  /** A page of a loop. It is on its way while the one before is handed on. */
  function fetchNext(query: EventQuery, left: number): Promise<EventPage> | undefined {
    if (left <= 0) return undefined;
    const page = fetchPage(query, Math.min(LOOP_PAGE_SIZE, left));
    // thrown when the loop gets there, if it does
    page.catch(() => undefined);
    return page;
  }

  return {
    read,
    async page(query = {}) {
      checkEventQuery(query, [1, MAX_PAGE_SIZE]);
      return fetchPage(query, query.limit ?? DEFAULT_PAGE_SIZE);
    },
    async replay(query, handler) {
      checkHandler(handler);
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
