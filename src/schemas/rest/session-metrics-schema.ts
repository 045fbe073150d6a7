import * as z from "zod";
import { cursorParameter, limitParameter, timeSchema } from "./parameters.ts";

const count = z.int().min(0);
const milliseconds = z.number().min(0);
const share = z.number().min(0).max(1);
const usd = z.number().min(0).describe("US dollars.");

const outcomeSchema = z.enum(["success", "error", "aborted", "abandoned", "truncated"]);

export const sessionRequestSchema = z.strictObject({
  timestamp: timeSchema.describe("When it ended."),
  model: z.string().describe("As requested."),
  duration_ms: milliseconds,
  prompt_tokens: count.nullable(),
  completion_tokens: count.nullable(),
  total_tokens: count.nullable(),
  has_tool_calls: z.boolean(),
  success: z.boolean(),
  error: z.string().nullable().describe("A provider's code, an HTTP status or an error name."),
  outcome: outcomeSchema,
  cost_usd: usd.nullable(),
  time_to_first_token_ms: milliseconds.nullable().describe("Streams only."),
});

const requestTotals = {
  total_requests: count,
  successful_requests: count,
  failed_requests: count.describe("All that ended in any other way."),
  aborted_requests: count.describe(
    "Those of the failed ones that the application stopped or left.",
  ),
  error_rate: share.describe("Of the requests, those that ended as `error` or `truncated`."),
  total_duration_ms: milliseconds,
  average_duration_ms: milliseconds,
  average_time_to_first_token_ms: milliseconds.nullable().describe("Of the streams."),
  total_prompt_tokens: count,
  total_completion_tokens: count,
  total_tokens: count,
  average_tokens_per_request: z.number().min(0),
  token_efficiency: z
    .number()
    .min(0)
    .nullable()
    .describe("Completion tokens for one prompt token."),
  requests_with_tools: count.describe("Requests whose answer asked for a tool."),
  total_cost_usd: usd,
  unpriced_requests: count.describe("Requests of unknown cost; it is not in the total."),
  first_activity: timeSchema,
  last_activity: timeSchema,
};

export const sessionRecordSchema = z.strictObject({
  session_id: z.string(),
  user_id: z.string().nullable(),
  ...requestTotals,
  last_error: z
    .strictObject({ error: z.string(), model: z.string(), timestamp: timeSchema })
    .nullable(),
  fields: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .describe("What `obs.sessionMetrics.addField()` has added."),
  requests: z.array(sessionRequestSchema).readonly().describe("The latest ones, oldest first."),
});

export const sessionListQuery = z.strictObject({
  limit: limitParameter(50, 100),
  cursor: cursorParameter.optional(),
  requests: z
    .enum(["true", "false"])
    .default("true")
    .describe("`false`: without the latest requests of each session."),
});

export const sessionListSchema = z.strictObject({
  sessions: z.array(sessionRecordSchema).readonly().describe("Newest first."),
  count: count.describe("Sessions that are known, on all pages."),
  next_cursor: z.string().nullable().describe("Where the next page begins; `null` on the last."),
});

export const sessionClearedSchema = z.strictObject({
  session_id: z.string(),
  cleared: z.literal(true),
});

const { first_activity: _first, last_activity: _last, ...totals } = requestTotals;

/** All sessions that are known, added up. */
export const sessionTotalsSchema = z.strictObject({
  count: count.describe("Sessions that are known."),
  ...totals,
});
