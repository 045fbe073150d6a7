import * as z from "zod";
import {
  sessionClearedSchema,
  sessionListQuery,
  sessionListSchema,
  sessionRecordSchema,
} from "../../../schemas/rest/session-metrics-schema.ts";
import { problem } from "../../problem.ts";
import { jsonRoute } from "../json-route.ts";

export const sessionListRoute = jsonRoute({
  method: "GET",
  path: "/events/metrics/sessions",
  operationId: "listSessionMetrics",
  summary: "LLM calls of every session, newest session first",
  query: sessionListQuery,
  answer: { name: "SessionList", description: "A page of sessions.", schema: sessionListSchema },
  problems: [],
  handle({ query: { limit, cursor, requests }, ports }) {
    const page = ports.sessionMetrics.list({ limit, cursor, requests: requests === "true" });
    return {
      sessions: page.sessions,
      count: page.count,
      next_cursor: page.nextCursor ?? null,
    };
  },
});

export const sessionRoute = jsonRoute({
  method: "GET",
  path: "/events/metrics/session/:id",
  operationId: "getSessionMetrics",
  summary: "LLM calls of one session",
  query: z.strictObject({}),
  answer: { name: "Session", description: "What it has used.", schema: sessionRecordSchema },
  problems: ["session-unknown"],
  handle: ({ id, ports }) => ports.sessionMetrics.get(id) ?? problem("session-unknown"),
});

export const clearSessionRoute = jsonRoute({
  method: "DELETE",
  path: "/events/metrics/session/:id",
  operationId: "clearSessionMetrics",
  summary: "Forget the LLM calls of one session",
  description: "Totals of users and the Prometheus metrics stay as they are.",
  query: z.strictObject({}),
  answer: { name: "SessionCleared", description: "It is forgotten.", schema: sessionClearedSchema },
  problems: ["session-unknown"],
  handle: ({ id, ports }) =>
    ports.sessionMetrics.clear(id)
      ? { session_id: id, cleared: true as const }
      : problem("session-unknown"),
});
