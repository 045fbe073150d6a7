import type { Sink } from "../../events/index.ts";
import type { AuditLog } from "./audit-log.ts";
import { MemoryLog } from "./memory-log.ts";

export interface AuditLogOptions {
  /** Events that are kept in memory. */
  readonly maxInMemory: number;
}

export interface AuditLogSink extends Sink {
  readonly log: AuditLog;
}

/** Records every event of this process, ahead of what counts and shows them. */
export function createAuditLog({ maxInMemory }: AuditLogOptions): AuditLogSink {
  const log = new MemoryLog(maxInMemory);
  return {
    name: "audit",
    priority: 10,
    log,
    handle: (event) => log.record(event),
  };
}
