export type { AuditHead, AuditLog, AuditPage, AuditQuery, AuditRecord } from "./audit-log.ts";
export { createAuditLog, type AuditLogSink } from "./create-audit-log.ts";
