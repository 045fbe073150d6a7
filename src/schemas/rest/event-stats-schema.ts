import * as z from "zod";
import { eventTypeSchema, timeSchema } from "./parameters.ts";

const count = z.int().min(0);
const lastError = z.string().nullable().describe("Class of the last error.");

export const eventStatsSchema = z.strictObject({
  total_published: count.describe("Events of this process that were handed to the handlers."),
  successful_handlers: count.describe("Deliveries to a handler that returned."),
  failed_handlers: count.describe("Deliveries to a handler that threw or rejected."),
  last_event_time: timeSchema.nullable(),
  success_rate: z.number().min(0).max(1).describe("Of the deliveries; 1 before the first."),
  total_remote: count.describe("Events of other instances."),
  published_by_type: z.partialRecord(eventTypeSchema, count),
  filtered_by_type: z.partialRecord(eventTypeSchema, count).describe("Dropped by a middleware."),
  handlers: z.array(
    z.strictObject({
      name: z.string(),
      handled: count,
      failed: count,
      dropped: count.describe("Its queue was full."),
      queued: count.describe("Waits in its queue, or is being handled."),
      last_error: lastError,
    }),
  ),
  middleware: z.array(
    z.strictObject({
      name: z.string(),
      passed: count,
      enriched: count,
      dropped: count,
      failed: count,
      last_error: lastError,
    }),
  ),
});
