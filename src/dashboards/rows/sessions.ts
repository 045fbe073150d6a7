import * as units from "@grafana/grafana-foundation-sdk/units";

import { productMetrics } from "../../semconv/index.ts";
import type { QueryableHistogram } from "../../semconv/promql.ts";
import { timeSeries } from "../panels/time-series.ts";
import { quantile } from "../queries.ts";
import type { Section } from "../section.ts";

/** What is a conversation like? */
export function sessionsSection(): Section {
  const { sessionDuration, sessionRequests, sessionCost } = productMetrics;
  return {
    slug: "sessions",
    title: "Sessions",
    collapsed: true,
    panels: [
      timeSeries({
        slug: "session-duration",
        title: "Session duration p50, p95",
        description: "Duration of sessions that ended.",
        span: 8,
        unit: units.Seconds,
        queries: medianAndTail(sessionDuration),
      }),
      timeSeries({
        slug: "session-requests",
        title: "Requests per session p50, p95",
        description: "LLM operations of sessions that ended.",
        span: 8,
        unit: units.Short,
        queries: medianAndTail(sessionRequests),
      }),
      timeSeries({
        slug: "session-cost",
        title: "Cost per session p50, p95",
        description: "Cost of sessions that ended.",
        span: 8,
        unit: units.Dollars,
        queries: medianAndTail(sessionCost),
      }),
    ],
  };
}

function medianAndTail(histogram: QueryableHistogram) {
  return [
    { expr: quantile(0.5, histogram), legend: "p50" },
    { expr: quantile(0.95, histogram), legend: "p95" },
  ];
}
