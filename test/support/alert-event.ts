import { createEvent, type Event } from "../../src/events/index.ts";

/** A small event that can be told from others by its name. */
export function alert(name: string, timestamp: number, sessionId?: string): Event {
  const data = { name, severity: "warning", message: "m" } as const;
  return createEvent("system_alert", data, timestamp, { sessionId });
}
