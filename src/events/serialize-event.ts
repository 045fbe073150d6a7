import type { Event } from "./event.ts";

/** Version of the events' schemas: the folder in `schemas/events/`. When it changes is said in decision 13. */
export const EVENT_SCHEMA_VERSION = 1;

/** The event as it leaves the process, in one line of JSON. In memory an event has no version: it is that of the code. */
export function serializeEvent(event: Event): string {
  return `{"schemaVersion":${EVENT_SCHEMA_VERSION},${JSON.stringify(event).slice(1)}`;
}
