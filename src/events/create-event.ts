import { randomUUID } from "node:crypto";
import { categoryOf, type EventData, type EventOf, type EventType } from "./event.ts";

type Links = Partial<
  Pick<EventOf<EventType>, "sessionId" | "correlationId" | "causationId" | "traceId" | "spanId">
>;

/** Builds an event with a fresh id. `timestamp` is Unix epoch in milliseconds. */
export function createEvent<T extends EventType>(
  type: T,
  data: EventData[T],
  timestamp: number,
  links: Links = {},
): EventOf<T> {
  return { id: randomUUID(), type, category: categoryOf[type], timestamp, ...links, data };
}
