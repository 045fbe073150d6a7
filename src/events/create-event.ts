import { randomUUID } from "node:crypto";
import { categoryOf, type EventData, type EventOf, type EventType } from "./event.ts";

type Links = Partial<
  Pick<EventOf<EventType>, "sessionId" | "correlationId" | "causationId" | "traceId" | "spanId">
>;

/** Builds an event with a fresh id, frozen: one subscriber can't change what the next one sees. Unix milliseconds. */
export function createEvent<T extends EventType>(
  type: T,
  data: EventData[T],
  timestamp: number,
  links: Links = {},
): EventOf<T> {
  const event: EventOf<T> = {
    id: randomUUID(),
    type,
    category: categoryOf[type],
    timestamp,
    ...links,
    data,
  };
  for (const value of Object.values(data)) Object.freeze(value);
  Object.freeze(data);
  return Object.freeze(event);
}
