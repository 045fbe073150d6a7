import { isObservabilityError, ObservabilityError } from "../../errors/index.ts";

/** SQLSTATE classes that blame the data: data exception, integrity constraint, program limit exceeded. */
const DATA_CLASSES = new Set(["22", "23", "54"]);

/** The database, and not the way to it, refused what it was given: the same again would be refused again. */
export function blamesData(error: unknown): boolean {
  const code = codeOf(error);
  return code?.length === 5 && DATA_CLASSES.has(code.slice(0, 2));
}

/** Trying again won't help: a package is missing, the schema is newer than this code. */
export function isPermanent(error: unknown): boolean {
  return (
    isObservabilityError(error) && (error.code === "PEER_MISSING" || error.code === "STORE_NEWER")
  );
}

/** What went wrong, in a line without the store's password. */
export function describeError(error: unknown, secret: string | undefined): string {
  if (!(error instanceof Error)) return "unknown error";
  if (isObservabilityError(error)) return error.message;
  // what `pg` throws for several addresses has no message of its own
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const message = first instanceof Error ? first.message : error.message;
  const code = codeOf(first);
  const [line = ""] = message.split("\n", 1);
  const text = code === undefined || line.includes(code) ? line : `${line} (${code})`;
  return secret === undefined || secret === "" ? text : text.replaceAll(secret, "***");
}

/** For those who read: the one error they get when the store can't answer. */
export function unavailable(cause: unknown, secret: string | undefined): ObservabilityError {
  if (isObservabilityError(cause)) return cause;
  const reason = describeError(cause, secret);
  return new ObservabilityError("STORE_UNAVAILABLE", `The event store did not answer: ${reason}`);
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
