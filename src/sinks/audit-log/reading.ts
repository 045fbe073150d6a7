/** What reads the files of an audit log that is perhaps another process's; for the command line. */
export type { AuditQuery } from "./audit-log.ts";
export { createDigest, type Digest } from "./file/digest.ts";
export { beginsAsLog, MAX_START_BYTES } from "./file/line.ts";
export { NEEDS_KEY } from "./file/line-checker.ts";
export { queryChains } from "./file/query-folder.ts";
export { type Chain, chainsAt } from "./file/segments.ts";
export { type ChainReport, verify, type VerifyReport } from "./file/verify.ts";
export { selectionOf } from "./selection.ts";
