import type { CallContext } from "./call-context.ts";
import { fitId, fitText } from "./fit-text.ts";

const MAX_TAGS = 64;
const MAX_METADATA_KEYS = 64;
const MAX_NAME_LENGTH = 200;
const MAX_VALUE_LENGTH = 1_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * What of a context is one. Applications in JavaScript may hand over anything, and all of it would be in every event:
 * fields that a context doesn't have, numbers for ids, values that JSON doesn't know.
 */
export function contextFrom(given: CallContext | null | undefined): CallContext {
  const context: Mutable<CallContext> = {};
  const sessionId = idFrom(given?.sessionId);
  const userId = idFrom(given?.userId);
  const tags = tagsFrom(given?.tags);
  const metadata = metadataFrom(given?.metadata);
  // one by one: to spread what may be missing takes microseconds
  if (sessionId !== undefined) context.sessionId = sessionId;
  if (userId !== undefined) context.userId = userId;
  if (tags) context.tags = tags;
  if (metadata) context.metadata = metadata;
  return context;
}

/** A name that is not empty, of 200 characters at the most; whole numbers are written out. */
export function idFrom(given: unknown): string | undefined {
  if (typeof given === "string") return given === "" ? undefined : fitId(given);
  return typeof given === "bigint" || Number.isSafeInteger(given) ? String(given) : undefined;
}

/** A copy with the values that metadata may have; `undefined` when there are none. */
export function metadataFrom(given: unknown): CallContext["metadata"] {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const values = entriesOf(given).filter(isMetadata).slice(0, MAX_METADATA_KEYS).map(fitEntry);
  return values.length === 0 ? undefined : (Object.fromEntries(values) as CallContext["metadata"]);
}

/** What can't be read says nothing; it is no reason to fail whoever wanted to be observed. */
function entriesOf(given: object): readonly (readonly [string, unknown])[] {
  try {
    return Object.entries(given);
  } catch {
    return [];
  }
}

function isMetadata([name, value]: readonly [string, unknown]): boolean {
  if (name === "__proto__") return false;
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

function fitEntry([name, value]: readonly [string, unknown]): readonly [string, unknown] {
  const fitted = typeof value === "string" ? fitText(value, MAX_VALUE_LENGTH) : value;
  return [fitText(name, MAX_NAME_LENGTH), fitted];
}

function tagsFrom(given: unknown): readonly string[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const tags = given
    .filter((tag) => typeof tag === "string")
    .slice(0, MAX_TAGS)
    .map((tag) => fitText(tag, MAX_NAME_LENGTH));
  return tags.length === 0 ? undefined : tags;
}
