import type { PriceOverride } from "../events/index.ts";
import {
  type Check,
  fieldsOf,
  isText,
  isWholeNumber,
  listOf,
  recordOf,
  trimmedText,
  when,
} from "./check.ts";
import { parseKeyValueList } from "./key-value-list.ts";
import type { EnvironmentVariable, ValueType } from "./option-definition.ts";

/** Timers take no more; a larger delay would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;
const DECIMAL = /^[+-]?\d+(\.\d+)?$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What a header can carry, and a list with commas can hold. */
const TOKEN = /^[\x21-\x2b\x2d-\x7e]+$/;
/** Segments of plain characters, none of them `.` or `..`; it begins like no route, or nobody could tell them apart. */
const PATH_PREFIX = /^(?!\/(?:events|metrics|healthz)(?:\/|$))(?:\/(?!\.\.?(?:\/|$))[\w.~-]+)+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Text as a number when it is one in plain decimal notation, else the text itself. */
export function numberOrText(text: string): number | string {
  return DECIMAL.test(text) ? Number(text) : text;
}

function flagOrText(text: string): boolean | string {
  const word = text.toLowerCase();
  if (word === "true" || word === "1") return true;
  if (word === "false" || word === "0") return false;
  return text;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Any text; white space around it is not part of it. */
export function nonEmptyText(expected = "a text that is not empty"): ValueType<string> {
  return { check: trimmedText((text) => text !== ""), expected, read: (value) => value };
}

/** A text of at least so many characters; white space around it is not part of it. */
export function longText(minCharacters: number): ValueType<string> {
  return {
    check: trimmedText((text) => text.length >= minCharacters),
    expected: `a text of at least ${minCharacters} characters`,
    read: (value) => value,
  };
}

/** `true` or `false`; in the environment also `1` and `0`. */
export function flag(): ValueType<boolean> {
  return { check: when(isFlag), expected: "true or false", read: flagOrText };
}

function isFlag(value: unknown): value is boolean {
  return typeof value === "boolean";
}

/** One of a few words; in the environment in either case. */
export function oneOf<T extends string>(words: readonly T[]): ValueType<T> {
  return {
    check: when(isOneOf(words)),
    expected: quoted(words),
    read: (text) => text.toLowerCase(),
  };
}

/** A list of names; in the environment with commas between. */
export function names(): ValueType<readonly string[]> {
  return {
    check: listOf(trimmedText((name) => name !== "")),
    expected: "a list of names (in the environment: with commas between)",
    read: (text) => text.split(","),
  };
}

/** Secrets that callers show; in the environment with commas between. */
export function accessTokens(minLength: number): ValueType<readonly string[]> {
  return {
    check: listOf(trimmedText((token) => token.length >= minLength && TOKEN.test(token))),
    expected:
      `a list of tokens of at least ${minLength} characters each, without spaces and commas ` +
      "(in the environment: with commas between)",
    read: (text) => text.split(","),
  };
}

/** The beginning of a path, with a slash before and none behind. */
export function pathPrefix(): ValueType<string> {
  return {
    check: trimmedText((path) => PATH_PREFIX.test(path)),
    expected:
      "a path such as /observability, of letters, digits and . _ ~ -, that begins like no route",
    read: (text) => text,
  };
}

/** Some of a few words; in the environment with commas between, in either case, or `none`. */
export function someOf<T extends string>(words: readonly T[]): ValueType<readonly T[]> {
  return {
    check: listOf(when(isOneOf(words))),
    expected: `a list of ${quoted(words)} (in the environment: with commas between, or none)`,
    read: (text) =>
      text.toLowerCase() === "none" ? [] : text.split(",").map((word) => word.trim().toLowerCase()),
  };
}

function isOneOf<T extends string>(words: readonly T[]): (value: unknown) => value is T {
  return (value): value is T => (words as readonly unknown[]).includes(value);
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}

/** A function from text to text; in code only. */
export function textFunction(): ValueType<(text: string) => string> {
  return {
    check: when((value) => typeof value === "function") as Check<(text: string) => string>,
    expected: "a function that takes a text and returns one",
    read: (text) => text,
  };
}

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): ValueType<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return {
    check: when(isWholeNumber(min, max)),
    expected: `a whole number ${range}`,
    read: numberOrText,
  };
}

/** A duration that a timer takes. */
export function milliseconds(min = 1): ValueType<number> {
  return {
    check: when(isWholeNumber(min, MAX_TIMER_MS)),
    expected: `a whole number of milliseconds from ${min} to ${MAX_TIMER_MS}`,
    read: numberOrText,
  };
}

/** An absolute `http:` or `https:` URL. */
export function httpUrl(): ValueType<string> {
  return urlOf("http", "https");
}

/** A `redis:` or, with TLS, `rediss:` URL. */
export function redisUrl(): ValueType<string> {
  const { read } = urlOf("redis", "rediss");
  return {
    check: when((value): value is string => isText(value) && isRedisUrl(value)),
    expected: "a redis:// or rediss:// URL, with the number of a database at its end or without",
    read,
  };
}

/** The client would ask the server for any other database as well, and throw the answer where nobody catches it. */
function isRedisUrl(text: string): boolean {
  if (!/^rediss?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { pathname, searchParams } = new URL(text);
  return /^(\/\d*)?$/.test(pathname) && searchParams.getAll("db").every((db) => /^\d+$/.test(db));
}

function urlOf(plain: string, secured: string): ValueType<string> {
  const protocols = new Set([`${plain}:`, `${secured}:`]);
  return {
    check: when(
      (value): value is string =>
        isText(value) && URL.canParse(value) && protocols.has(new URL(value).protocol),
    ),
    expected: `${plain === "http" ? "an" : "a"} ${plain}:// or ${secured}:// URL`,
    read: (value) => value,
  };
}

/** A folder, or the URL of a PostgreSQL server. */
export function eventStoreLocation(): ValueType<string> {
  return {
    check: trimmedText(isStoreLocation),
    expected:
      "a folder, or the URL of a PostgreSQL server (postgres://user:password@host:port/database, port up to 65535; / # @ and such in the password percent-encoded)",
    read: (value) => value,
  };
}

function isStoreLocation(text: string): boolean {
  // without the slashes it would be a folder with a password for a name
  if (/^postgres(ql)?:(?!\/\/)/i.test(text)) return false;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return text !== "";
  return (scheme === "postgres" || scheme === "postgresql") && URL.canParse(text);
}

/** Header values by name. Names from the environment are lower-cased, so that two variables merge. */
export function httpHeaders(): ValueType<Readonly<Record<string, string>>> {
  return {
    check: recordOf((name) => HEADER_NAME.test(name), when(isHeaderValue)),
    expected: "HTTP headers (in the environment: name=value,name2=value2, percent-encoded)",
    read: (list) => lowerCaseNames(parseKeyValueList(list)) ?? list,
  };
}

function isHeaderValue(value: unknown): value is string {
  return isText(value) && HEADER_VALUE.test(value);
}

function lowerCaseNames(headers: Record<string, string> | undefined) {
  if (!headers) return undefined;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** Prices by model; as JSON in the environment. */
export function priceOverrides(): ValueType<Readonly<Record<string, PriceOverride>>> {
  const price = fieldsOf(
    {
      required: ["inputPerMillion", "outputPerMillion"],
      optional: ["cacheReadPerMillion", "cacheWritePerMillion"],
    },
    when(isDollars),
  );
  return {
    check: recordOf((name) => name !== "", price),
    expected:
      "by model name an object with inputPerMillion, outputPerMillion and, if they differ, " +
      "cacheReadPerMillion, cacheWritePerMillion in US dollars (in the environment: as JSON)",
    read: jsonOrText,
  };
}

function isDollars(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** A variable that says the opposite of its option. OTel defines just these two words. */
export function inverted(name: string): EnvironmentVariable {
  return {
    name,
    expected: "true or false",
    read: (value) => (/^(true|false)$/i.test(value) ? value.toLowerCase() === "false" : value),
    note: "inverted",
  };
}

/** A variable in seconds, fractions allowed, for an option in milliseconds. */
export function inSeconds(name: string): EnvironmentVariable {
  return {
    name,
    expected: "a number of seconds greater than 0",
    read: (value) => {
      const seconds = numberOrText(value);
      return typeof seconds === "number" ? Math.round(seconds * 1_000) : seconds;
    },
    note: "in seconds",
  };
}

/** A word in a variable that is a list of them; it stands for a value of the option. Other words are not ours. */
export function listed(name: string, word: string, value: string | boolean): EnvironmentVariable {
  return {
    name,
    expected: `a list of words, with ${word} or without`,
    read: (list) => (list.split(",").some((item) => item.trim() === word) ? value : undefined),
    note: `${word} in its list: ${value}`,
  };
}

/** One attribute of `OTEL_RESOURCE_ATTRIBUTES`; a malformed list is the OTel SDK's to report. */
export function resourceAttribute(key: string): EnvironmentVariable {
  return {
    name: "OTEL_RESOURCE_ATTRIBUTES",
    expected: `name=value pairs with ${key}`,
    read: (list) => parseKeyValueList(list)?.[key] || undefined,
    note: `attribute ${key}`,
  };
}
