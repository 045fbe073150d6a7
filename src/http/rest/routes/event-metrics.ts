import * as z from "zod";
import { eventMetricsSchema } from "../../../schemas/rest/event-metrics-schema.ts";
import type { sessionTotalsSchema } from "../../../schemas/rest/session-metrics-schema.ts";
import type { SessionMetrics } from "../../../sinks/session-metrics/index.ts";
import { isoTime } from "../iso-time.ts";
import { jsonRoute } from "../json-route.ts";

export const eventMetricsRoute = jsonRoute({
  method: "GET",
  path: "/events/metrics",
  operationId: "getEventMetrics",
  summary: "Totals of agents, tools, decisions and errors, and of all sessions",
  query: z.strictObject({}),
  answer: {
    name: "EventMetrics",
    description: "`metrics` and `computed` since start, `sessions` of those that are known.",
    schema: eventMetricsSchema,
  },
  problems: [],
  essence: (answer) => ({ ...answer, timestamp: undefined }),
  handle: ({ ports }) => ({
    ...ports.eventMetrics.snapshot(),
    sessions: totalsOf(ports.sessionMetrics),
    timestamp: isoTime(Date.now()),
  }),
});

type SessionTotals = z.output<typeof sessionTotalsSchema>;

const NONE: Omit<SessionTotals, "count"> = {
  total_requests: 0,
  successful_requests: 0,
  failed_requests: 0,
  total_duration_ms: 0,
  total_prompt_tokens: 0,
  total_completion_tokens: 0,
  total_tokens: 0,
  requests_with_tools: 0,
  total_cost_usd: 0,
  unpriced_requests: 0,
};

function totalsOf(metrics: SessionMetrics): SessionTotals {
  const { sessions, count } = metrics.list({ requests: false });
  const totals = { ...NONE };
  // the keys of an object of ours
  const names = Object.keys(NONE) as (keyof typeof NONE)[];
  for (const session of sessions) for (const name of names) totals[name] += session[name];
  return { count, ...totals };
}
