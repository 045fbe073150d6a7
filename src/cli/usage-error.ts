/** The command line was wrong; the message says what and what to type instead. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** True for a {@link UsageError} and for what `parseArgs` of `node:util` throws. */
export function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code.startsWith("ERR_PARSE_ARGS_")
  );
}
