import * as z from "zod";
import type { BusStatistics } from "../../../bus/index.ts";
import { eventStatsSchema } from "../../../schemas/rest/event-stats-schema.ts";
import { isoTime } from "../../../timing/index.ts";
import { jsonRoute } from "../json-route.ts";

export const eventStatsRoute = jsonRoute({
  method: "GET",
  path: "/events/stats",
  operationId: "getEventStatistics",
  summary: "The event bus: what was published, and what became of it",
  query: z.strictObject({}),
  answer: { name: "EventStats", description: "Exact since start.", schema: eventStatsSchema },
  problems: [],
  handle: ({ ports }) => toAnswer(ports.statistics()),
});

function toAnswer(statistics: BusStatistics): z.output<typeof eventStatsSchema> {
  const { lastEventTime, handlers, middleware } = statistics;
  return {
    total_published: statistics.totalPublished,
    successful_handlers: statistics.successfulHandlers,
    failed_handlers: statistics.failedHandlers,
    last_event_time: lastEventTime === undefined ? null : isoTime(lastEventTime),
    success_rate: statistics.successRate,
    total_remote: statistics.totalRemote,
    published_by_type: Object.fromEntries(statistics.publishedByType),
    filtered_by_type: Object.fromEntries(statistics.filteredByType),
    handlers: handlers.map(({ name, handled, failed, dropped, queued, lastError }) => ({
      name,
      handled,
      failed,
      dropped,
      queued,
      last_error: lastError ?? null,
    })),
    middleware: middleware.map(({ name, passed, enriched, dropped, failed, lastError }) => ({
      name,
      passed,
      enriched,
      dropped,
      failed,
      last_error: lastError ?? null,
    })),
  };
}
