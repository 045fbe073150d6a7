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
  return z.int().min(1).max(max).default(fallback).describe("Entries of a page at the most.");
}

/** ISO 8601 with a zone, or Unix milliseconds. */
export const timeParameter = z.union([
  z.int().min(0).describe("Unix epoch in milliseconds"),
  z.iso.datetime({ offset: true }),
]);

/** ISO 8601, UTC. */
export const timeSchema = z.iso.datetime();
