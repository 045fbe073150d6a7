import type { Event } from "./event.ts";

/**
 * Freezes an event with what is in it, so that one subscriber can't change what the next one sees. Done before an event
 * leaves for code that is not ours, and not for each event: it takes as long as all built-in sinks together.
 */
export function freezeEvent(event: Event): Event {
  if (Object.isFrozen(event)) return event;
  for (const value of Object.values(event.data)) Object.freeze(value);
  Object.freeze(event.data);
  return Object.freeze(event);
}
