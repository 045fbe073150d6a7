import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDiagnostics } from "../../src/diagnostics/index.ts";
import { createEvent, type Event } from "../../src/events/index.ts";
import { createDigest } from "../../src/sinks/audit-log/file/digest.ts";
import { EventQueue } from "../../src/sinks/audit-log/event-queue.ts";
import { FileLog, type FileLogOptions } from "../../src/sinks/audit-log/file/file-log.ts";
import {
  verify,
  type VerifyOptions,
  type VerifyReport,
} from "../../src/sinks/audit-log/file/verify.ts";

export interface TestedLog {
  readonly log: FileLog;
  readonly queue: EventQueue;
  /** What was said of problems. */
  readonly said: readonly string[];
  readonly dropped: () => Record<string, number>;
  /** Publishes such an event, without waiting. */
  record(sessionId?: string, atMs?: number): Event;
  /** Publishes them and waits until they are in the file. */
  write(count: number, atMs?: number): Promise<readonly Event[]>;
}

/** A log in a folder, with what it says and counts. */
export function openLog(
  path: string,
  { maxQueueSize = 1_000, ...options }: Partial<FileLogOptions> & { maxQueueSize?: number } = {},
): TestedLog {
  const said: string[] = [];
  const diagnostics = createDiagnostics({ write: (line) => void said.push(line) });
  const queue = new EventQueue(maxQueueSize);
  const log = new FileLog({
    path,
    key: undefined,
    fsync: "none",
    fsyncIntervalMs: 10,
    maxSizeBytes: 1024 * 1024,
    maxFiles: undefined,
    maxAgeDays: undefined,
    now: Date.now,
    queue,
    diagnostics,
    ...options,
  });
  function record(sessionId = "s", atMs = Date.now()): Event {
    const event = createEvent("session_updated", { userId: "u" }, atMs, { sessionId });
    if (!queue.push(event)) diagnostics.dropped("audit", "queue_full", 1);
    log.wake();
    return event;
  }
  return {
    log,
    queue,
    said,
    record,
    async write(count, atMs) {
      const events = Array.from({ length: count }, () => record("s", atMs));
      await log.forceFlush();
      return events;
    },
    dropped: () =>
      Object.fromEntries(
        [...diagnostics.counters.dropped.values()].map(({ reason, count }) => [reason, count]),
      ),
  };
}

export function auditFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "rlm-audit-"));
}

/** Names and texts of the files of a log. */
export async function readLog(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).toSorted();
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), "utf8")]);
  return new Map((await Promise.all(texts)) as [string, string][]);
}

/** What its lines say, header and notes included, without sequence, time and hashes. */
export async function bodiesOf(folder: string): Promise<Record<string, unknown>[]> {
  const texts = [...(await readLog(folder)).values()];
  return texts.flatMap((text) =>
    text
      .split("\n")
      .filter((line) => line.startsWith("{") && line.endsWith("}"))
      .map((line) => {
        const { seq: _seq, at: _at, prev: _prev, hash: _hash, ...body } = JSON.parse(line);
        return body as Record<string, unknown>;
      }),
  );
}

export async function eventIdsOf(folder: string): Promise<string[]> {
  const bodies = await bodiesOf(folder);
  return bodies.flatMap(({ event }) => (event ? [(event as Event).id] : []));
}

export function verifyLog(
  path: string,
  { key, ...options }: { key?: string } & Partial<VerifyOptions> = {},
): Promise<VerifyReport> {
  return verify(path, {
    digests: [createDigest(key)],
    expectedHeads: [],
    tailWaitMs: 0,
    ...options,
  });
}

/** `file:line: why` of every chain that has a problem. */
export async function problemsOf(path: string, key?: string): Promise<string[]> {
  const { chains } = await verifyLog(path, { ...(key !== undefined && { key }) });
  return chains.flatMap(({ problem }) =>
    problem ? [`${problem.file}:${problem.line}: ${problem.why}`] : [],
  );
}
