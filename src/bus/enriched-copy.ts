import type { Event } from "../events/index.ts";

/** Nested deeper, it is not looked at, and not taken. */
const MAX_DEPTH = 16;

/** What names an event; a copy has the same. */
const IDENTITY = ["id", "type", "category", "timestamp"] as const;
/** How an event belongs to others. */
const LINKS = ["sessionId", "correlationId", "causationId", "traceId", "spanId"] as const;
/** Measured or captured here; an event that had none gets none. */
const MEASURED: readonly string[] = ["usage", "cost", "outputChunks", "content"];
/** What was said, and what the application says of itself. */
const REMOVABLE = /^data\.(?:content$|context\.|metadata(?:\.|$))/;

/**
 * Why `result` can't stand for `event`, in words that follow "the middleware"; `undefined` if it can. Whoever comes after
 * the middleware relies on the event: what was there is still there, of the same kind, and JSON can hold all of it.
 */
export function flawOf(result: unknown, event: Event): string | undefined {
  if (!isRecord(result) || IDENTITY.some((name) => result[name] !== event[name])) {
    return "returned something else than the event or a copy with its id";
  }
  const { data } = result;
  if (!isRecord(data)) return "returned a copy without data";
  const link = LINKS.find((name) => !["undefined", "string"].includes(typeof result[name]));
  if (link !== undefined) return `made ${link} something else than a text`;
  const added = MEASURED.find((name) => Object.hasOwn(data, name) && !(name in event.data));
  if (added !== undefined && data[added] !== undefined) return `added ${added}, which is measured`;
  return changedKind(event.data, data, "data") ?? notJson(result, "the event", MAX_DEPTH);
}

/** A field that is gone, or of another kind than it was. */
function changedKind(before: unknown, after: unknown, path: string): string | undefined {
  if (before === undefined || (after === undefined && REMOVABLE.test(path))) return undefined;
  if (kindOf(before) !== kindOf(after)) return `left out ${path}, or changed its kind`;
  if (!isRecord(before) || !isRecord(after)) return undefined;
  for (const [name, value] of Object.entries(before)) {
    const flaw = changedKind(value, after[name], `${path}.${name}`);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function notJson(value: unknown, path: string, depth: number): string | undefined {
  if (value === null || ["undefined", "string", "boolean"].includes(typeof value)) return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : noJson(path);
  if (typeof value !== "object" || depth === 0) return noJson(path);
  for (const [name, inner] of Object.entries(value)) {
    const flaw = notJson(inner, name, depth - 1);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function noJson(path: string): string {
  return `put what JSON can't hold into ${path}`;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
