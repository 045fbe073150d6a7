import { afterEach, expect, vi } from "vitest";
import type * as bus from "../../src/bus/event-bus.ts";
import { type Event, serializeEvent } from "../../src/events/index.ts";
import { parseEventText } from "../../src/schemas/index.ts";

/** What is wrong with events that the tests of this file have published, each once. */
const misfits = new Set<string>();

/** Set-up of tests: an event that leaves the process must be the same for who reads it. */
vi.mock("../../src/bus/event-bus.ts", async (importOriginal) => {
  const original = await importOriginal<typeof bus>();
  const createEventBus: typeof original.createEventBus = (...parameters) => {
    const made = original.createEventBus(...parameters);
    const { publish } = made;
    const checked = (event: Event) => {
      const misfit = misfitOf(event);
      if (misfit !== undefined) misfits.add(misfit);
      publish(event);
    };
    Object.defineProperty(made, "publish", { value: checked });
    return made;
  };
  return { ...original, createEventBus };
});

function misfitOf(event: Event): string | undefined {
  try {
    const text = serializeEvent(event);
    expect({ schemaVersion: 1, ...parseEventText(text) }).toEqual(JSON.parse(text));
    return undefined;
  } catch (error) {
    return String(error);
  }
}

afterEach(() => {
  const found = [...misfits];
  misfits.clear();
  expect(found, "events that don't match their schemas").toEqual([]);
});
