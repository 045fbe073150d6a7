import type { Sink } from "../../events/index.ts";
import type { AuditLog } from "./audit-log.ts";

export interface AuditLogSink extends Sink {
  readonly log: AuditLog;
  /** Says in the files that events are missing here, which somebody has lost and counted. Missing without files. */
  lose?(events: number): void;
}
