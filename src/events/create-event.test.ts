import { expect, it } from "vitest";
import { createEvent } from "./create-event.ts";
import { freezeEvent } from "./freeze-event.ts";

it("gives each event an id of its own, its category and its links", () => {
  const event = createEvent("system_started", { version: "1" }, 7, { correlationId: "c" });
  expect(event).toMatchObject({
    type: "system_started",
    category: "system",
    timestamp: 7,
    correlationId: "c",
    data: { version: "1" },
  });
  expect(createEvent("system_started", { version: "1" }, 7).id).not.toBe(event.id);
});

it("can't be changed once it is frozen, nor can what is in it", () => {
  const metadata = { plan: "free" };
  const event = createEvent("session_started", { userId: "u", metadata }, 7);
  freezeEvent(event);
  expect(() => Object.assign(event, { type: "other" })).toThrow(TypeError);
  expect(() => Object.assign(event.data, { userId: "v" })).toThrow(TypeError);
  expect(() => Object.assign(event.data.metadata ?? {}, { plan: "paid" })).toThrow(TypeError);
});
