import { type Diagnostics, loadLater } from "../../diagnostics/index.ts";
import { isReplayed, type Sink, type SinkHealth } from "../../events/index.ts";
import { appendBatch } from "./append-batch.ts";
import { Channel } from "./channel.ts";
import { describeError } from "./database-error.ts";
import type { OpenDatabase } from "./database.ts";
import { deadline } from "./deadline.ts";
import { createEventReader } from "./event-reader.ts";
import type { EventStore } from "./event-store.ts";
import { DESTINATION, EventWriter } from "./event-writer.ts";
import { createPageFetcher } from "./fetch-page.ts";
import { holdProcess } from "../../timing/index.ts";
import { startRetention } from "./retention.ts";
import { storeLocation } from "./store-location.ts";

export interface EventStoreOptions {
  /** A folder, or the URL of a PostgreSQL server. */
  readonly store: string;
  readonly maxBatchSize: number;
  readonly maxDelayMs: number;
  readonly maxQueueSize: number;
  readonly timeoutMs: number;
  readonly maxAgeMs: number | undefined;
  readonly maxEvents: number | undefined;
  /** What a flush may take, and the shutdown. Milliseconds. */
  readonly limitMs: number;
  readonly diagnostics: Diagnostics;
}

export interface EventStoreSink extends Sink {
  /** What the application reads with. */
  readonly store: EventStore;
  /**
   * Where a store in a folder is being opened, or made, waits until what waits for it is written, or it can't be opened;
   * a minute at the most. It takes seconds once, and otherwise no run of a short program would ever get to the end of it.
   */
  finishOpening(): Promise<void>;
  /** The process is about to end by itself, after a flush. */
  processEnds(): Promise<void>;
}

/** To make a new store takes some seconds once, and a busy machine several times that. */
const OPEN_LIMIT_MS = 60_000;

/** Keeps every event of this process in a database, as it comes. */
export function createEventStore(options: EventStoreOptions): EventStoreSink {
  const { diagnostics, limitMs } = options;
  const location = storeLocation(options.store);
  const secret = location.kind === "server" ? location.secret : undefined;
  const open = openLater(options);
  const writes = new Channel(open);
  const reads = new Channel(open);
  let health: SinkHealth = { state: "unknown" };
  let failed = () => {};
  const failure = new Promise<void>((resolve) => (failed = resolve));

  function tried(error?: unknown): void {
    if (error === undefined) {
      health = { state: "ok" };
      return;
    }
    const lastError = `events could not be stored: ${describeError(error, secret)}`;
    health = { state: "failing", lastError };
    failed();
    diagnostics.warnOnce(DESTINATION, "write", lastError);
  }

  const writer = new EventWriter({
    ...options,
    append: (rows) => writes.run((database) => appendBatch(database, rows)),
    onTried: tried,
  });
  const retention = startRetention({
    ...options,
    channel: reads,
    now: Date.now,
    onFailed: (error) =>
      diagnostics.warnOnce(
        DESTINATION,
        "retention",
        `old events could not be deleted: ${describeError(error, secret)}`,
      ),
  });
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    retention?.stop();
    writer.close();
    await flush();
    sayWhatIsLeft();
    writer.abandon("shutdown_timeout");
    await Promise.all([writes.close(), reads.close()]);
  }

  async function flush(): Promise<void> {
    await deadline(writer.settled(), limitMs, () => undefined).catch(() => undefined);
  }

  async function finishOpening(): Promise<void> {
    const isOpening = location.kind === "folder" && health.state === "unknown";
    if (!isOpening || writer.waiting === 0) return;
    const done = Promise.race([writer.settled(), failure]);
    await holdProcess(deadline(done, OPEN_LIMIT_MS, () => undefined)).catch(() => undefined);
  }

  async function processEnds(): Promise<void> {
    await finishOpening();
    sayWhatIsLeft();
  }

  function sayWhatIsLeft(): void {
    if (writer.waiting === 0) return;
    const opening =
      location.kind === "folder"
        ? "the store was not open within a minute"
        : "the server has not answered yet";
    const why = health.state === "unknown" ? opening : (health.lastError ?? "time was over");
    const left = `not stored before the end, events: ${writer.waiting}`;
    diagnostics.warnOnce(DESTINATION, "end", `${left} (${why})`);
  }

  return {
    name: DESTINATION,
    health: () => health,
    handle(event) {
      if (!isReplayed(event)) writer.push(event);
    },
    forceFlush: () => flush(),
    finishOpening,
    processEnds,
    shutdown: () => (closing ??= close()),
    store: createEventReader(createPageFetcher({ channel: reads, secret })),
  };

  /** What opens a database is loaded when there is something to write or to read. */
  function openLater({ timeoutMs }: EventStoreOptions): OpenDatabase {
    const opener = loadLater(
      DESTINATION,
      async () => {
        const { storeOpener } = await import("./open-store.ts");
        return storeOpener({ location, timeoutMs, onUnsynced });
      },
      diagnostics,
    );
    return async () => (await opener())();
  }

  function onUnsynced(): void {
    diagnostics.warnOnce(
      DESTINATION,
      "sync",
      "this version of PGlite can't write through to the disk: after a power cut the latest events may be missing.",
    );
  }
}
