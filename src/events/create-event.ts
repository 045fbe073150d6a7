import { categoryOf, type EventData, type EventOf, type EventType } from "./event.ts";
import { newEventId } from "./event-id.ts";

/** How an event belongs to others; what is `undefined` is left out. */
export interface Links {
  readonly sessionId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Builds an event with a fresh id. Unix milliseconds. */
export function createEvent<T extends EventType>(
  type: T,
  data: EventData[T],
  timestamp: number,
  links: Links = {},
): EventOf<T> {
  const event: Mutable<EventOf<T>> = {
    id: newEventId(),
    type,
    category: categoryOf[type],
    timestamp,
    data,
  };
  // one by one: to spread what may be missing takes microseconds
  if (links.sessionId !== undefined) event.sessionId = links.sessionId;
  if (links.correlationId !== undefined) event.correlationId = links.correlationId;
  if (links.causationId !== undefined) event.causationId = links.causationId;
  if (links.traceId !== undefined) event.traceId = links.traceId;
  if (links.spanId !== undefined) event.spanId = links.spanId;
  return event;
}
