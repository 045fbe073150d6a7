import type { Event } from "./event.ts";

const REPLAYED = Symbol.for("@rlm-toolkit/observability.replayed");

/** A copy that says that it has happened before: it is not stored or passed on again. JSON does not show it. */
export function replayed(event: Event): Event {
  return Object.assign({ ...event }, { [REPLAYED]: true });
}

/** Whether an event comes from a replay of the store, and not from something that happens now. */
export function isReplayed(event: Event): boolean {
  return REPLAYED in event;
}
