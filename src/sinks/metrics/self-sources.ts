import type { BusStatistics } from "../../bus/index.ts";
import type { DiagnosticCounters } from "../../diagnostics/index.ts";
import type { LabelLimiter } from "../../redaction/index.ts";
import { OVERFLOW_LABEL_VALUE, productMetrics as m } from "../../semconv/index.ts";
import type { Sample, SampledMetric } from "./metrics-text.ts";

type BusFigures = "publishedByType" | "filteredByType" | "handlers";

/** Subscribers are named by the application; past this many, they share one series. */
const MAX_HANDLERS = 200;

export interface SelfSourceOptions {
  /** What bounds the labels, by metric. */
  readonly limiters: readonly {
    readonly metric: string;
    readonly limiter: Pick<LabelLimiter, "overflowed">;
  }[];
  readonly bus: { readonly statistics: Pick<BusStatistics, BusFigures> };
  readonly counters: DiagnosticCounters;
  readonly activeSessions: () => number;
  /** Records that made room for others, by kind. */
  readonly evictedRecords: ReadonlyMap<string, number>;
  readonly build: { readonly version: string; readonly priceTable: () => string };
}

/** The metrics that are read from counters kept elsewhere, at scrape time. */
export function selfSources(options: SelfSourceOptions): readonly SampledMetric[] {
  const { limiters, bus, counters, build } = options;
  return [
    {
      definition: m.activeSessions,
      samples: () => [{ value: options.activeSessions(), labels: {} }],
    },
    {
      definition: m.eventsPublished,
      samples: () => byKey(bus.statistics.publishedByType, "type"),
    },
    {
      definition: m.eventsFiltered,
      samples: () => byKey(bus.statistics.filteredByType, "type"),
    },
    {
      definition: m.eventQueueLength,
      samples: () => byKey(queueLengths(bus.statistics.handlers), "handler"),
    },
    {
      definition: m.eventHandlerErrors,
      samples: () => byKey(counters.handlerErrors, "handler"),
    },
    {
      definition: m.telemetryDropped,
      samples: () =>
        [...counters.dropped.values()].map(({ destination, reason, count }) => ({
          value: count,
          labels: { destination, reason },
        })),
    },
    {
      definition: m.telemetryExported,
      samples: () => byKey(counters.exported, "destination"),
    },
    {
      definition: m.labelOverflow,
      samples: () =>
        limiters
          .filter(({ limiter }) => limiter.overflowed > 0)
          .map(({ metric, limiter }) => ({ value: limiter.overflowed, labels: { metric } })),
    },
    {
      definition: m.recordsEvicted,
      samples: () => byKey(options.evictedRecords, "record"),
    },
    {
      definition: m.uninstrumentedRequests,
      samples: () => byKey(counters.uninstrumented, "provider"),
    },
    {
      definition: m.unclassifiedRequests,
      samples: () =>
        [...counters.unclassified.values()].map(({ provider, api, count }) => ({
          value: count,
          labels: { provider, api },
        })),
    },
    {
      definition: m.buildInfo,
      samples: () => [
        {
          value: 1,
          labels: {
            version: build.version,
            price_table: build.priceTable(),
            node: process.versions.node,
          },
        },
      ],
    },
  ];
}

function byKey(counts: ReadonlyMap<string, number>, label: string): Sample[] {
  return [...counts].map(([key, value]) => ({ value, labels: { [label]: key } }));
}

/** Subscriptions of one name are added up. */
function queueLengths(handlers: BusStatistics["handlers"]): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  for (const { name, queued, maxQueueSize } of handlers) {
    if (maxQueueSize === 0) continue;
    const label = lengths.has(name) || lengths.size < MAX_HANDLERS ? name : OVERFLOW_LABEL_VALUE;
    lengths.set(label, (lengths.get(label) ?? 0) + queued);
  }
  return lengths;
}
