import * as z from "zod";
import { categoryOf, type EventCategory, type EventType } from "../../events/index.ts";

const eventTypes = Object.keys(categoryOf) as [EventType, ...EventType[]];
const eventCategories = [...new Set(Object.values(categoryOf))] as [
  EventCategory,
  ...EventCategory[],
];

export const eventTypeSchema = z.enum(eventTypes);
export const eventCategorySchema = z.enum(eventCategories);

export const sessionIdParameter = z.string().min(1).max(4_096).describe("Id of a session.");

export const cursorParameter = z
  .string()
  .min(1)
  .max(1_024)
  .describe("`next_cursor` of the page before.");

/** How many entries a page has at the most. */
export function limitParameter(fallback: number, max: number) {
  const error = `it must be a whole number from 1 to ${max}`;
  return z
    .int(error)
    .min(1, error)
    .max(max, error)
    .default(fallback)
    .describe("Entries of a page at the most.");
}

const TIME_EXPECTED =
  "it must be a date and time with a zone, as in 2026-01-02T03:04:05Z (the + of +01:00 is written as %2B), or Unix milliseconds";

/** ISO 8601 with a zone, or Unix milliseconds. */
export const timeParameter = z.union(
  [
    z.int().min(0).describe("Unix epoch in milliseconds"),
    z.iso.datetime({ offset: true, error: TIME_EXPECTED }),
  ],
  TIME_EXPECTED,
);

/** ISO 8601, UTC. */
export const timeSchema = z.iso.datetime();
