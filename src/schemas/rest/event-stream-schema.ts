import * as z from "zod";
import { eventCategorySchema, eventTypeSchema, sessionIdParameter } from "./parameters.ts";

export const eventStreamQuery = z.strictObject({
  session_id: sessionIdParameter.optional(),
  type: z
    .array(eventTypeSchema)
    .min(1)
    .optional()
    .describe("Events of these types, with commas between."),
  category: z
    .array(eventCategorySchema)
    .min(1)
    .optional()
    .describe("Events of these categories, beside those of `type`."),
});

export const eventStreamSchema = z
  .string()
  .describe(
    "Server-sent events. `event` is the type, `id` the id, `data` an `Event` in JSON; or `event` is `gap` and `data` a `Gap`.",
  );

export const gapSchema = z.strictObject({
  reason: z
    .enum(["unknown_last_event_id", "overload", "slow_client"])
    .describe("Why events are missing here."),
  lost: z.int().min(1).nullable().describe("How many; `null`: nobody knows."),
});
