const REASONS: Readonly<Record<string, string>> = {
  EACCES:
    "this user has no right to read it; the files of a log may be read by who wrote them alone",
  EPERM: "this user has no right to read it",
  EISDIR: "it is a folder, where a file of the log should be",
  ENOTDIR: "a part of the path is a file",
  ENOENT: "it is not there any more",
  ELOOP: "it is a link that leads nowhere",
  EIO: "the disk does not give it: look at the kernel's log",
};

/** What could not be read and why, if the error is one of the file system. */
export function fileFailure(error: unknown, path = "the log"): string | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  const code = String(error.code);
  const reason = REASONS[code];
  const where = "path" in error && typeof error.path === "string" ? error.path : path;
  return `'${where}' can't be read (${code})${reason === undefined ? "" : `: ${reason}`}`;
}
