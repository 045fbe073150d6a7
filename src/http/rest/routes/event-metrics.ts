import * as z from "zod";
import { eventMetricsSchema } from "../../../schemas/rest/event-metrics-schema.ts";
import { isoTime } from "../../../timing/index.ts";
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
    sessions: ports.sessionMetrics.totals(),
    timestamp: isoTime(Date.now()),
  }),
});
