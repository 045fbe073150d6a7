import { fromLatin1 } from "./latin1.ts";

/** Careful reading of JSON that somebody else wrote: what is not of the expected kind is absent. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** The object that `text` holds; `undefined` for anything else, and for what is no JSON. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The same for a payload of a stream, whose bytes come as Latin-1 characters. */
export function parsePayload(payload: string): JsonObject | undefined {
  return parseObject(fromLatin1(payload));
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A string with something in it. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The strings of a list; `undefined` for what is no list. */
export function asTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A count: a whole number that is not negative. */
export function asCount(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Fields that may be `undefined` become optional. */
type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without its `undefined` fields. */
export function definedOnly<T extends object>(object: T): Defined<T> {
  const result: Record<string, unknown> = {};
  // for-in: five times as fast as a list of entries, on the path of every call
  for (const key in object) {
    const value: unknown = object[key];
    if (value !== undefined) result[key] = value;
  }
  return result as Defined<T>;
}
