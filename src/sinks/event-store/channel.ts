import type { Database, OpenDatabase } from "./database.ts";
import { blamesData } from "./database-error.ts";

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

  /** Closes it for good; never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#opening;
    this.#opening = undefined;
    const database = await opening?.catch(() => undefined);
    await database?.close();
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
