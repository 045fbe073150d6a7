import type { Database, OpenDatabase } from "./database.ts";
import { blamesData } from "./database-error.ts";
import { deadline } from "./deadline.ts";

/** Longer than any database takes by itself. */
const CLOSE_LIMIT_MS = 3_000;

/**
 * A database that is opened when it is first needed, and again after it broke. What fails is not repeated here: that is
 * for the caller, who knows whether it may.
 */
export class Channel {
  readonly #open: OpenDatabase;
  #opening: Promise<Database> | undefined;
  #closed = false;

  constructor(open: OpenDatabase) {
    this.#open = open;
  }

  async run<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const database = await this.#database();
    try {
      return await work(database);
    } catch (error) {
      // whatever state the connection is in, a new one has a good one
      if (!blamesData(error)) await this.#discard(database);
      throw error;
    }
  }

  /** Closes it for good; never rejects. One that is still being opened is closed when it is, and not waited for long. */
  async close(): Promise<void> {
    this.#closed = true;
    const closing = this.#opening?.then(async (database) => database.close());
    this.#opening = undefined;
    if (closing) await deadline(closing, CLOSE_LIMIT_MS, () => undefined).catch(() => undefined);
  }

  async #database(): Promise<Database> {
    if (this.#closed) throw new Error("the event store is closed");
    const opening = (this.#opening ??= this.#open());
    try {
      const database = await opening;
      if (database.usable) return database;
      await this.#discard(database);
    } catch (error) {
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
    return (this.#opening ??= this.#open());
  }

  async #discard(database: Database): Promise<void> {
    const opening = this.#opening;
    if ((await opening?.catch(() => undefined)) === database && this.#opening === opening) {
      this.#opening = undefined;
    }
    await database.close();
  }
}
