import type { Event } from "../events/index.ts";
import type { Link } from "./link.ts";
import type { EventBatch } from "./protocol.ts";

/** Sends events. Those that can't be given to another thread as they are go as what JSON makes of them. */
export function sendBatch(link: Link, batch: EventBatch): void {
  try {
    link.send(batch);
  } catch {
    link.send({ ...batch, events: batch.events.map(asJson) });
  }
}

function asJson(event: Event): Event {
  try {
    return JSON.parse(JSON.stringify(event)) as Event;
  } catch {
    return withoutJson(event);
  }
}

/** An event that has no JSON gets there as one that has none: each sink counts it in its own way, and says so. */
function withoutJson({ id, type, category, timestamp }: Event): Event {
  return { id, type, category, timestamp, data: { unserializable: 0n } } as unknown as Event;
}
