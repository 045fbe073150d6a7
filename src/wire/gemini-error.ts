import { asErrorCode } from "./error-code.ts";
import { asObject, type JsonObject } from "./json-fields.ts";

/** Google's errors have a number for a code, and a word for a status. */
export function geminiErrorType({ error }: JsonObject): string | undefined {
  return error ? (asErrorCode(asObject(error)?.["status"]) ?? "_OTHER") : undefined;
}
