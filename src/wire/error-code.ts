import { asObject } from "./json-fields.ts";

const LOW_CARDINALITY = /^[a-z0-9_.]{1,64}$/i;

/** A value that may serve as `error.type`: a short word without spaces, never a message. */
export function asErrorCode(value: unknown): string | undefined {
  return typeof value === "string" && LOW_CARDINALITY.test(value) ? value : undefined;
}

/** The code, or else the type, of a provider's error object `{code, type, message}`. */
export function errorCodeOf(error: unknown): string | undefined {
  const fields = asObject(error);
  return fields && (asErrorCode(fields["code"]) ?? asErrorCode(fields["type"]));
}
