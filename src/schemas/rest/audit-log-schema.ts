import * as z from "zod";
import {
  cursorParameter,
  eventCategorySchema,
  eventTypeSchema,
  limitParameter,
  sessionIdParameter,
  timeParameter,
  timeSchema,
} from "./parameters.ts";

export const auditLogQuery = z.strictObject({
  session_id: sessionIdParameter.optional(),
  event_type: eventTypeSchema.optional().describe("Events of this type alone."),
  since: timeParameter
    .optional()
    .describe("Events of this time or later: ISO 8601 with a zone, or Unix milliseconds."),
  until: timeParameter.optional().describe("Events before this time."),
  limit: limitParameter(100, 1_000),
  cursor: cursorParameter.optional(),
});

export const auditRecordSchema = z.strictObject({
  chain: z
    .string()
    .nullable()
    .describe("The chain of files that the record is in; `null` for what is kept in memory."),
  sequence: z.int().min(0).describe("Higher is later, within a chain."),
  hash: z
    .string()
    .nullable()
    .describe("Ties the record to all before it; `null` for what is kept in memory."),
  event_id: z.string(),
  event_type: eventTypeSchema,
  category: eventCategorySchema,
  timestamp: timeSchema,
  session_id: z.string().nullable(),
  correlation_id: z.string().nullable(),
  causation_id: z.string().nullable(),
  trace_id: z.string().nullable(),
  span_id: z.string().nullable(),
  data: z.looseObject({}).describe("As in the schema of `Event` for this type."),
});

export const auditLogSchema = z.strictObject({
  audit_log: z.array(auditRecordSchema).describe("Newest first."),
  count: z.int().min(0).describe("Records of this answer."),
  filters: z.strictObject({
    session_id: z.string().nullable(),
    event_type: eventTypeSchema.nullable(),
    since: timeSchema.nullable(),
    until: timeSchema.nullable(),
    limit: z.int(),
  }),
  next_cursor: z
    .string()
    .nullable()
    .describe("Where the next page begins; `null` at the end of the log."),
});
