// what writes files is imported by its own name: an application loads it in another thread
export type { AuditHead, AuditLog, AuditPage, AuditQuery, AuditRecord } from "./audit-log.ts";
export type { AuditLogSink } from "./audit-log-sink.ts";
export type { AuditLogOptions } from "./create-audit-log.ts";
export { createMemoryAuditLog } from "./create-memory-audit-log.ts";
export { selectionOf } from "./selection.ts";
