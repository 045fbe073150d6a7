import { setTimeout as delay } from "node:timers/promises";
import type { Diagnostics } from "../../diagnostics/index.ts";
import type { Event } from "../../events/index.ts";
import { isObservabilityError } from "../../errors/index.ts";
import { backOffMs } from "../../timing/index.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { RedisFailure } from "./redis-failure.ts";
import { SequenceLedger } from "./sequence-ledger.ts";
import {
  decodeEntry,
  entriesOf,
  type Envelope,
  firstIdOf,
  type StreamEntry,
} from "./stream-entry.ts";
import { compareIds, positionBefore } from "./stream-position.ts";

/** How long Redis waits for the next entry: a connection that says nothing for longer is dead. */
const BLOCK_MS = 5_000;
/** Entries that are handed on without letting others run. */
const MAX_ENTRIES = 100;
/** After an answer without entries: something before Redis may not wait as Redis does. */
const PAUSE_MS = 50;

const GAP =
  "events of another instance were gone before they could be read; RLM_EVENTS_REDIS_MAX_LENGTH says how many are kept";

/** @throws EVENT_UNKNOWN, EVENT_INVALID */
type ParseEvent = (text: string) => Event;

export interface ReaderOptions {
  readonly connect: () => Promise<RedisConnection>;
  readonly key: string;
  /** Its own entries are passed over. */
  readonly instance: string;
  readonly loadParser: () => Promise<ParseEvent>;
  readonly publish: (event: Event) => void;
  /** Waited for before each reading: whoever takes the events may be busy. */
  readonly hasRoom: () => Promise<void>;
  readonly diagnostics: Pick<Diagnostics, "dropped" | "warnOnce">;
  /** Told of every answer and every failure. */
  readonly onTry: (failure: RedisFailure | undefined) => void;
  /** Milliseconds, of a clock that runs on. */
  readonly now: () => number;
  /** When this instance began, by the same clock. */
  readonly startedAtMs: number;
  readonly random: () => number;
}

/**
 * Follows the stream from the moment this instance began: every event of others is handed on once. Where it is in the
 * stream outlives the connection, so that nothing is missed while there is none, as long as the stream still has it.
 */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #ledger = new SequenceLedger();
  readonly #stop = new AbortController();
  /** Id of the last entry that was handed on. */
  #position: string | undefined;
  #failures = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** Until `stop()`. Never rejects. */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const failure = await this.#connectAndFollow().catch((error: unknown) =>
        RedisFailure.from(error),
      );
      if (signal.aborted) return;
      this.#failures += 1;
      this.#options.onTry(failure);
      if (failure.isFinal) return;
      await this.#pause(backOffMs(this.#failures, this.#options.random));
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  async #connectAndFollow(): Promise<never> {
    const parse = await this.#options.loadParser();
    const connection = await this.#options.connect();
    const close = () => connection.close();
    this.#stop.signal.addEventListener("abort", close, { once: true });
    try {
      if (this.#stop.signal.aborted) throw new RedisFailure("closed");
      let position = await this.#findPosition(connection);
      for (let blockMs = 0; ;) {
        const entries = await this.#read(connection, position, blockMs);
        this.#failures = 0;
        this.#options.onTry(undefined);
        for (const entry of entries) {
          this.#take(entry, parse);
          position = entry.id;
          this.#position = position;
        }
        if (entries.length === 0 && blockMs > 0) await this.#pause(PAUSE_MS);
        await this.#options.hasRoom();
        blockMs = entries.length < MAX_ENTRIES ? BLOCK_MS : 0;
      }
    } finally {
      this.#stop.signal.removeEventListener("abort", close);
      connection.close();
    }
  }

  /** Where to go on. In a stream that ends before what was read of it, a new one, that is at its beginning. */
  async #findPosition(connection: RedisConnection): Promise<string> {
    const { key, now, startedAtMs } = this.#options;
    const known = this.#position;
    if (known !== undefined) {
      const last = firstIdOf(
        await connection.send((client) => client.call("XREVRANGE", key, "+", "-", "COUNT", 1)),
      );
      if (last !== undefined && compareIds(last, known) >= 0) return known;
    }
    const time = await connection.send((client) => client.call("TIME"));
    return positionBefore(time, now() - startedAtMs);
  }

  async #read(
    connection: RedisConnection,
    position: string,
    blockMs: number,
  ): Promise<readonly StreamEntry[]> {
    const block = blockMs > 0 ? ["BLOCK", blockMs] : [];
    const stream = ["STREAMS", this.#options.key, position];
    const reply = await connection.send(
      (client) => client.call("XREAD", "COUNT", MAX_ENTRIES, ...block, ...stream),
      blockMs,
    );
    const entries = entriesOf(reply);
    if (entries === undefined) throw new RedisFailure("unexpected reply");
    return entries;
  }

  #take(entry: StreamEntry, parse: ParseEvent): void {
    const { instance, diagnostics, publish } = this.#options;
    const decoded = decodeEntry(entry);
    if (typeof decoded === "string") return diagnostics.dropped("redis", decoded, 1);
    if (decoded.instance === instance || this.#isDuplicate(decoded)) return;
    let event: Event;
    try {
      event = parse(decoded.event);
    } catch (error) {
      const isNewer = isObservabilityError(error) && error.code === "EVENT_UNKNOWN";
      return diagnostics.dropped("redis", isNewer ? "unknown_version" : "invalid_entry", 1);
    }
    publish(event);
  }

  #isDuplicate({ instance, sequence }: Envelope): boolean {
    const { diagnostics } = this.#options;
    const { isDuplicate, missed } = this.#ledger.enter(instance, sequence);
    if (missed > 0) {
      diagnostics.dropped("redis", "gap", missed);
      diagnostics.warnOnce("redis", "gap", GAP);
    }
    return isDuplicate;
  }

  async #pause(ms: number): Promise<void> {
    // an abort ends it
    await delay(ms, undefined, { ref: false, signal: this.#stop.signal }).catch(() => {});
  }
}
