import type { Route } from "../route.ts";
import { auditLogRoute } from "./audit-log.ts";
import { eventMetricsRoute } from "./event-metrics.ts";
import { eventStatsRoute } from "./event-stats.ts";
import { eventStreamRoute } from "./event-stream.ts";
import { openApiRoute } from "./open-api.ts";
import { clearSessionRoute, sessionListRoute, sessionRoute } from "./session-metrics.ts";

const dataRoutes: readonly Route[] = [
  eventMetricsRoute,
  sessionListRoute,
  sessionRoute,
  clearSessionRoute,
  auditLogRoute,
  eventStatsRoute,
  eventStreamRoute,
];

export const routes: readonly Route[] = [...dataRoutes, openApiRoute(dataRoutes)];
