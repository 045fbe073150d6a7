import type { AuditLogSink } from "./audit-log-sink.ts";
import { MemoryLog } from "./memory-log.ts";

/** The last events, so many at the most, as there is no file. */
export function createMemoryAuditLog(maxInMemory: number): AuditLogSink {
  const log = new MemoryLog(maxInMemory);
  return { name: "audit", priority: 10, log, handle: (event) => log.record(event) };
}
