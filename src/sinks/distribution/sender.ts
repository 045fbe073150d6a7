import type { Diagnostics } from "../../diagnostics/index.ts";
import type { Event } from "../../events/index.ts";
import { backOffMs } from "../../timing/index.ts";
import type { Outbox } from "./outbox.ts";
import type { RedisClient } from "./redis-client.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { RedisFailure } from "./redis-failure.ts";
import { encodeEntry, type Envelope } from "./stream-entry.ts";

/** How long the first event of a batch waits for others. */
const LINGER_MS = 20;

export interface SenderOptions {
  readonly outbox: Outbox;
  readonly connect: () => Promise<RedisConnection>;
  /** The key of the stream. */
  readonly key: string;
  /** Entries that the stream keeps, about. */
  readonly maxLength: number;
  readonly diagnostics: Pick<Diagnostics, "exported">;
  /** Told of every try. */
  readonly onTry: (failure: RedisFailure | undefined) => void;
  /** Runs timers' work outside of the call that set them. */
  readonly own: <T>(fn: () => T) => T;
  readonly random: () => number;
}

/**
 * Appends what is in the outbox to the stream: a batch at a time, all of it or none, until Redis says that it has it.
 * Whether a batch whose answer is missing got there, nobody knows; it is sent again, and who reads it twice can tell.
 */
export class Sender {
  readonly #options: SenderOptions;
  #connection: RedisConnection | undefined;
  #underWay: Promise<boolean> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  add(event: Event): void {
    this.#options.outbox.add(event);
    this.#schedule();
  }

  /** Sends what waits, without waiting for a better moment. Ends with the first try that fails. */
  async flush(): Promise<void> {
    const { outbox, own } = this.#options;
    // what comes in the meantime is not waited for, or there might be no end
    for (let left = outbox.size; left > 0;) {
      const before = outbox.batch().length;
      if (!(await own(() => this.#try()))) return;
      left -= Math.max(before, 1);
    }
  }

  /** No more tries, but for the one under way. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#connection?.close();
  }

  #schedule(): void {
    const { outbox, own } = this.#options;
    const isIdle = this.#timer === undefined && this.#underWay === undefined;
    if (!isIdle || this.#closed || outbox.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      own(() => void this.#try());
    }, this.#delayMs()).unref();
  }

  #delayMs(): number {
    if (this.#failures > 0) return backOffMs(this.#failures, this.#options.random);
    return this.#options.outbox.hasFullBatch ? 0 : LINGER_MS;
  }

  /** Tells whether the batch was dealt with. Never rejects. */
  #try(): Promise<boolean> {
    this.#underWay ??= this.#sendBatch().finally(() => {
      this.#underWay = undefined;
      this.#schedule();
    });
    return this.#underWay;
  }

  async #sendBatch(): Promise<boolean> {
    const { outbox, diagnostics, onTry } = this.#options;
    const batch = outbox.batch();
    if (batch.length === 0) return true;
    try {
      const connection = await this.#connected();
      await connection.send((client) => this.#append(client, batch));
      outbox.settle();
      diagnostics.exported("redis", batch.length);
      this.#failures = 0;
      onTry(undefined);
      return true;
    } catch (error) {
      const failure = RedisFailure.from(error);
      this.#failures += 1;
      if (failure.isFinal) outbox.clear("peer_missing");
      onTry(failure);
      return false;
    }
  }

  async #connected(): Promise<RedisConnection> {
    if (this.#connection?.isOpen === true) return this.#connection;
    const connection = await this.#options.connect();
    this.#connection = connection;
    if (this.#closed) connection.close();
    return connection;
  }

  async #append(client: RedisClient, batch: readonly Envelope[]): Promise<void> {
    const { key, maxLength } = this.#options;
    const commands = batch.map((envelope) =>
      ["xadd", key, "MAXLEN", "~", maxLength, "*"].concat(encodeEntry(envelope)),
    );
    const replies = await client.multi(commands).exec();
    const refused = Array.isArray(replies) ? replies.find(isRefusal) : undefined;
    // the key is no stream, or this user may not write to it: so for each entry
    if (refused !== undefined) throw refused[0];
  }
}

/** Of `[error, result]`, in the answer to a transaction. */
function isRefusal(reply: unknown): reply is readonly [Error] {
  return Array.isArray(reply) && reply[0] instanceof Error;
}
