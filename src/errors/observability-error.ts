const BRAND = Symbol.for("@rlm-toolkit/observability.error");

/** Every code this package can throw or report; `docs/errors.md` explains each. */
export const errorCodes = {
  CONFIGURATION_INVALID: "An option has a value of the wrong kind. The message names each one.",
  CLIENT_NOT_OBSERVABLE: "`observe()` was given something that has no `fetch` to observe.",
  SUBSCRIPTION_INVALID:
    "`subscribe()` or `use()` was given no function, or an option that is wrong. The message names each.",
  PEER_MISSING: "A feature needs an optional package that is not installed.",
  PROVIDER_UNKNOWN: "`createMonitoredLlm()` knows no base URL for this provider; pass `baseUrl`.",
  PROVIDER_ERROR:
    "The provider answered a `createMonitoredLlm()` call with an error status, an error object, or no JSON.",
  ASSET_MISSING: "A generated file that ships with the package was not found.",
  LANGFUSE_DISABLED: "A Langfuse feature was used without Langfuse keys.",
  QUERY_INVALID:
    "A query has a filter, a limit or a cursor that can't be. The message says which and what it may be.",
  REPLAY_TOO_LARGE:
    "More was replayed into figures that go on counting than they can tell apart from what they have counted.",
  EVENT_INVALID:
    "What should be an event, from a store, a stream or a file, is none. The message names the fields.",
  EVENT_UNKNOWN:
    "An event has a type or a schema version that this version of the package doesn't know; update the package to read it.",
  STORE_UNAVAILABLE: "The event store did not answer, or refused what was asked.",
  STORE_LOCKED: "Another process has the folder of the event store open.",
  STORE_NEWER: "The event store was written by a newer version of this package.",
  AUDIT_LOG_FAILING:
    "The audit log could not bring everything to its files. The message says why and what to do; it is tried again.",
  STREAM_REFUSED:
    "`rlm-obs events tail` got no event stream: nothing answers there, or what answers has none or asks for a token.",
  SHUT_DOWN: "The observability object was used after `shutdown()`.",
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** The one error class of this package. Errors of a provider are never wrapped in it: they reach you by identity. */
export class ObservabilityError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ObservabilityError";
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** True also for errors of another copy of this package. */
export function isObservabilityError(value: unknown): value is ObservabilityError {
  return typeof value === "object" && value !== null && BRAND in value;
}
