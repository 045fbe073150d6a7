import { asObject, type JsonObject } from "./json-fields.ts";

const LOW_CARDINALITY = /^[a-z0-9_.-]{1,64}$/i;

/** A value that may serve as `error.type`: a short word without spaces, never a message. */
export function asErrorCode(value: unknown): string | undefined {
  return typeof value === "string" && LOW_CARDINALITY.test(value) ? value : undefined;
}

/** The code, or else the type, of a provider's error object `{code, type, message}`. */
export function errorCodeOf(error: unknown): string | undefined {
  const fields = asObject(error);
  return fields && (asErrorCode(fields["code"]) ?? asErrorCode(fields["type"]));
}

/** The error type of a stream's event `{type: "error"}`, which has its fields at the top. */
export function errorTypeOfEvent(event: JsonObject): string | undefined {
  return event["type"] === "error" ? (asErrorCode(event["code"]) ?? "_OTHER") : undefined;
}

/** The error type of an answer that is itself an error: a body or a stream's event with a field `error`. */
export function errorTypeIn(fields: JsonObject): string | undefined {
  const error = fields["error"];
  return error ? (errorCodeOf(error) ?? "_OTHER") : undefined;
}
