import { isObservabilityError } from "../../../errors/index.ts";

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: free some space, or set audit.maxFiles",
  EDQUOT: "the quota is used up: free some space, or set audit.maxFiles",
  EFBIG: "the file may not grow: set a smaller audit.maxSizeBytes, or raise the limit",
  EACCES: "give this user the right to read and write there",
  EPERM: "give this user the right to read and write there",
  EROFS: "the file system is read-only: set another audit.path",
  ENOTDIR: "audit.path must be a folder",
  EEXIST: "audit.path must be a folder",
  EIO: "the disk does not take it: look at the kernel's log",
  EMFILE: "the process has too many files open",
};

/** What went wrong and what to do. */
export function describeFailure(folder: string, error: unknown): string {
  if (isObservabilityError(error)) return error.message;
  return `could not write to ${causeAt(folder, error)}. Events wait and are written when it works again`;
}

/** What went wrong for who asked, and what to do. */
export function describeReadFailure(folder: string, error: unknown): string {
  return `The audit log could not be read: ${causeAt(folder, error)}.`;
}

function causeAt(folder: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return `${folder} (${code}); ${ADVICE[code] ?? "check audit.path"}`;
}
