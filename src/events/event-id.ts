import { randomUUID } from "node:crypto";

/** An id is a UUID (version 8): what all ids of a process share, and the number of the event in it. */
export interface EventIdParts {
  readonly origin: string;
  readonly sequence: number;
}

const ORIGIN_LENGTH = 24;
const SEQUENCE = /^[0-9a-f]{12}$/;
/** 74 bits at random. */
const ORIGIN = asVersion8(randomUUID()).slice(0, ORIGIN_LENGTH);
/** Of the process and not of an instance: several in one process must not give out the same id. */
let given = 0;

export function newEventId(): string {
  given += 1;
  return ORIGIN + given.toString(16).padStart(12, "0");
}

/** What the next id will be made of. */
export function nextEventId(): EventIdParts {
  return { origin: ORIGIN, sequence: given + 1 };
}

function asVersion8(uuid: string): string {
  return `${uuid.slice(0, 14)}8${uuid.slice(15)}`;
}

/** Of another form: all of it is the origin. */
export function eventIdParts(id: string): EventIdParts {
  const end = id.slice(ORIGIN_LENGTH);
  return SEQUENCE.test(end)
    ? { origin: id.slice(0, ORIGIN_LENGTH), sequence: Number.parseInt(end, 16) }
    : { origin: id, sequence: 0 };
}
