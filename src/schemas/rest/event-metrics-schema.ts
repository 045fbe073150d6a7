import * as z from "zod";
import { timeSchema } from "./parameters.ts";
import { sessionTotalsSchema } from "./session-metrics-schema.ts";

const count = z.int().min(0);
const counts = z.record(z.string(), count);
const milliseconds = z.number().min(0);

const agentProcessing = {
  started: count,
  count: count.describe("Runs that have ended, in whatever way."),
  completed: count,
  failed: count.describe("Those that ended in any other way."),
  total_duration_ms: milliseconds,
};

const toolExecutions = {
  requested: count,
  approval_required: count,
  started: count,
  completed: count,
  failed: count.describe("Those that ended in any other way."),
  total_duration_ms: milliseconds,
};

export const eventMetricsSchema = z.strictObject({
  metrics: z.strictObject({
    agent_switches: counts.describe("By `<from>_to_<to>`."),
    agent_processing: z.strictObject({
      ...agentProcessing,
      by_agent: z.record(z.string(), z.strictObject(agentProcessing)),
    }),
    tool_executions: z.strictObject({
      ...toolExecutions,
      by_tool: z.record(z.string(), z.strictObject(toolExecutions)),
    }),
    hitl_decisions: counts.describe("By what was decided."),
    hitl_requests: z.strictObject({
      requested: count,
      decided: count,
      timed_out: count.describe("Those that ended without a decision."),
      total_wait_ms: milliseconds.describe("Time that people took to decide."),
    }),
    errors: counts.describe("Failures by type of event; what was aborted or abandoned is none."),
  }),
  computed: z
    .record(z.string(), z.number())
    .describe("`<agent>_avg_duration_ms` and `<tool>_success_rate` of what has ended once."),
  sessions: sessionTotalsSchema.describe("What the LLM calls of all known sessions used."),
  timestamp: timeSchema.describe("When this was answered."),
});
