import type { Ending } from "./operation.ts";
import { asErrorCode, asObject } from "../wire/index.ts";

/** Names of SDK errors that say more than their fields. */
const CONNECTION_ERRORS = new Set(["APIConnectionTimeoutError", "APIConnectionError"]);

/**
 * How a call that rejected has ended. `error.type` is, first that fits: the name of an SDK connection error, the
 * provider's code, its type, the HTTP status, a network error's code, the class name; never a message.
 */
export function endingOf(error: unknown, signal?: AbortSignal | null): Ending {
  const reason = abortReason(error, signal);
  if (reason !== undefined) return { outcome: "aborted", errorType: reason };
  return { outcome: "error", errorType: errorTypeOf(error) };
}

/** `signal` or `timeout` if the caller itself stopped the call, for whatever reason it gave its signal. */
export function abortReason(
  error: unknown,
  signal?: AbortSignal | null,
): "signal" | "timeout" | undefined {
  const name = nameOf(error);
  if (name === "TimeoutError") return "timeout";
  const isAbort = name === "AbortError" || name === "APIUserAbortError";
  const isReason = signal?.aborted === true && error === signal.reason;
  if (!isAbort && !isReason) return undefined;
  // an SDK gives one error for both
  return signal?.aborted === true && nameOf(signal.reason) === "TimeoutError"
    ? "timeout"
    : "signal";
}

export function errorTypeOf(error: unknown): string {
  try {
    return readErrorType(error);
  } catch {
    // a getter of somebody else's error threw
    return "_OTHER";
  }
}

function readErrorType(error: unknown): string {
  const fields = asObject(error) ?? {};
  const name = nameOf(error);
  if (name !== undefined && CONNECTION_ERRORS.has(name)) return name;
  return (
    asErrorCode(fields["code"]) ??
    asErrorCode(fields["type"]) ??
    typeInBody(fields["error"]) ??
    statusOf(fields["status"]) ??
    asErrorCode(asObject(fields["cause"])?.["code"]) ??
    name ??
    "_OTHER"
  );
}

/** Older SDKs of Anthropic show the type in the body alone: `{type: "error", error: {type}}`. */
function typeInBody(body: unknown): string | undefined {
  return asErrorCode(asObject(asObject(body)?.["error"])?.["type"]);
}

function statusOf(status: unknown): string | undefined {
  return typeof status === "number" && status >= 100 && status < 600 ? String(status) : undefined;
}

/** `AbortError` stands in `name`, an SDK's error class only in its constructor. */
function nameOf(error: unknown): string | undefined {
  try {
    if (!(error instanceof Error)) return undefined;
    return asErrorCode(error.name === "Error" ? error.constructor.name : error.name);
  } catch {
    return undefined;
  }
}
