import type { Event } from "../../events/index.ts";
import type { AuditLog, AuditRecord } from "./audit-log.ts";
import { noCursor, selectionOf } from "./selection.ts";

const CURSOR = /^memory-(\d{1,15})$/;

/** The last events, while no file is configured: the events themselves, no copies. */
export class MemoryLog implements AuditLog {
  /** A ring once it is full. */
  readonly #events: Event[] = [];
  readonly #capacity: number;
  #recorded = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  record(event: Event): void {
    if (this.#capacity === 0) return;
    this.#events[this.#recorded % this.#capacity] = event;
    this.#recorded += 1;
  }

  query: AuditLog["query"] = async (query = {}) => {
    const { accepts, cursor, limit } = selectionOf(query);
    const records: AuditRecord[] = [];
    const oldest = this.#recorded - this.#events.length + 1;
    for (let sequence = this.#newestFor(cursor); sequence >= oldest; sequence -= 1) {
      const event = this.#events[(sequence - 1) % this.#capacity];
      if (event === undefined || !accepts(event)) continue;
      if (records.length === limit) return { records, nextCursor: `memory-${sequence}` };
      records.push({ sequence, event });
    }
    return { records };
  };

  forceFlush: AuditLog["forceFlush"] = async () => undefined;

  head: AuditLog["head"] = () => undefined;

  #newestFor(cursor: string | undefined): number {
    if (cursor === undefined) return this.#recorded;
    const [, sequence] = CURSOR.exec(cursor) ?? [];
    if (sequence === undefined) throw noCursor();
    return Math.min(Number(sequence), this.#recorded);
  }
}
