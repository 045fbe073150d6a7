import type * as z from "zod";
import { ObservabilityError } from "../errors/index.ts";
import { type Event, EVENT_SCHEMA_VERSION, type EventType, isEventType } from "../events/index.ts";
import { eventSchema } from "./event-schemas.ts";

/** Issues that a message names. */
const MAX_NAMED = 3;
/** Of a name from outside that is in a message. */
const MAX_NAME_LENGTH = 64;

/** One for each type, made when the first event of it comes. */
const schemas = new Map<EventType, z.ZodType<Event>>();

/**
 * Reads what should be an event: from a store, another instance, a file. Fields that this version doesn't know, those
 * of a newer one, are left out; without `schemaVersion` it is 1.
 * @throws EVENT_UNKNOWN for a type or a schema version that this version of the package doesn't know
 * @throws EVENT_INVALID for everything else that is no event; the message names fields, never values
 */
export function parseEvent(value: unknown): Event {
  if (typeof value !== "object" || value === null) throw invalid("no object");
  const { type, schemaVersion } = value as { type?: unknown; schemaVersion?: unknown };
  checkVersion(schemaVersion);
  if (typeof type !== "string") throw invalid("type: no text");
  if (!isEventType(type)) throw unknown(`type ${cut(JSON.stringify(type))}`);
  const { data, error } = schemaOf(type).safeParse(value);
  if (data === undefined) throw invalid(`${type}: ${describe(error.issues)}`);
  return data;
}

/** {@link parseEvent} for the text that `serializeEvent()` makes. */
export function parseEventText(text: string): Event {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // its own error quotes the text
    throw invalid("no JSON");
  }
  return parseEvent(value);
}

function checkVersion(version: unknown): void {
  if (version === undefined) return;
  if (typeof version !== "number" || !Number.isSafeInteger(version) || version < 1) {
    throw invalid("schemaVersion: no version");
  }
  if (version > EVENT_SCHEMA_VERSION) throw unknown(`schema version ${version}`);
}

function schemaOf(type: EventType): z.ZodType<Event> {
  let schema = schemas.get(type);
  if (schema === undefined) {
    schema = eventSchema(type);
    schemas.set(type, schema);
  }
  return schema;
}

function describe(issues: readonly z.core.$ZodIssue[]): string {
  const named = issues
    .slice(0, MAX_NAMED)
    .map(({ path, message }) => `${cut(path.join(".")) || "it"}: ${message}`);
  const more = issues.length - named.length;
  return `${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}

function cut(name: string): string {
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
}

function invalid(what: string): ObservabilityError {
  return new ObservabilityError("EVENT_INVALID", `This is no event: ${what}.`);
}

function unknown(what: string): ObservabilityError {
  return new ObservabilityError(
    "EVENT_UNKNOWN",
    `An event of ${what} is not known to this version of @rlm-toolkit/observability. Update the package to read it.`,
  );
}
