import { expect, test } from "vitest";
import { createEvent, type EventHandler } from "../events/index.ts";
import { collectEvents } from "./collect-events.ts";

test("keeps events in order and by type until it is stopped", () => {
  const handlers = new Set<EventHandler>();
  const collector = collectEvents({
    subscribe(handler) {
      handlers.add(handler);
      return () => void handlers.delete(handler);
    },
  });
  const publish = (handler: EventHandler) => {
    handler(createEvent("system_started", { version: "1" }, 1));
    handler(createEvent("system_stopped", { lost: 2 }, 2));
  };
  handlers.forEach(publish);
  collector.stop();
  handlers.forEach(publish);

  expect(collector.events.map((event) => event.type)).toEqual(["system_started", "system_stopped"]);
  expect(collector.ofType("system_stopped").map((event) => event.data.lost)).toEqual([2]);
});
