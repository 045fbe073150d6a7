import { type Diagnostics, loadLater } from "../../diagnostics/index.ts";
import type { Event, SinkHealth } from "../../events/index.ts";
import { within } from "../../timing/index.ts";
import type { AuditLogSink } from "./audit-log-sink.ts";
import { EventQueue } from "./event-queue.ts";
import type { FileLog } from "./file/file-log.ts";
import { createMemoryAuditLog } from "./create-memory-audit-log.ts";

export interface AuditLogOptions {
  /** Events that are kept in memory while there is no file. */
  readonly maxInMemory: number;
  /** Folder of the files; without it nothing is written. */
  readonly path: string | undefined;
  readonly key: string | undefined;
  readonly fsync: "each" | "interval" | "none";
  readonly fsyncIntervalMs: number;
  readonly maxSizeBytes: number;
  readonly maxFiles: number | undefined;
  readonly maxAgeDays: number | undefined;
  readonly maxQueueSize: number;
  /** What `shutdown()` may take. Milliseconds. */
  readonly shutdownLimitMs: number;
  readonly diagnostics: Diagnostics;
}

const DESTINATION = "audit";

/** Records every event of this process, ahead of what counts and shows them. */
export function createAuditLog(options: AuditLogOptions): AuditLogSink {
  const { path } = options;
  if (path === undefined) return createMemoryAuditLog(options.maxInMemory);
  return createFileSink({ ...options, path });
}

function createFileSink(options: AuditLogOptions & { readonly path: string }): AuditLogSink {
  const { diagnostics, shutdownLimitMs } = options;
  const queue = new EventQueue(options.maxQueueSize);
  let file: FileLog | undefined;
  let health: SinkHealth = { state: "unknown" };
  let closing: Promise<void> | undefined;
  const load = loadLater(
    DESTINATION,
    async () => {
      const { FileLog } = await import("./file/file-log.ts");
      return (file = new FileLog({ ...options, queue, now: Date.now }));
    },
    diagnostics,
  );

  function handle(event: Event): void {
    if (closing) return diagnostics.dropped(DESTINATION, "closed", 1);
    if (!queue.push(event)) return diagnostics.dropped(DESTINATION, "queue_full", 1);
    wake();
  }

  function lose(events: number): void {
    if (events === 0) return;
    queue.lose(events);
    wake();
  }

  function wake(): void {
    if (file) file.wake();
    else void load().then((log) => log.wake(), noFile);
  }

  /** It was said why. */
  function noFile(): void {
    health = { state: "failing", lastError: "a part of it could not be loaded" };
  }

  async function close(): Promise<void> {
    await within(
      shutdownLimitMs,
      load().then((log) => log.shutdown(), noFile),
    );
    const events = queue.countEvents();
    if (events > 0) diagnostics.dropped(DESTINATION, "shutdown_timeout", events);
    queue.discard(queue.size);
  }

  return {
    name: DESTINATION,
    priority: 10,
    log: {
      query: async (query) => (await load()).query(query),
      forceFlush: async () => (await load()).forceFlush(),
      head: () => file?.head,
    },
    handle,
    lose,
    health: () => file?.health ?? health,
    // what went wrong is said by `health`
    forceFlush: () =>
      load()
        .then((log) => log.forceFlush())
        .then(ignore, ignore),
    shutdown: () => (closing ??= close()),
  };
}

function ignore(): void {}
