import {
  collectDefaultMetrics,
  Gauge,
  type Metric,
  type OpenMetricsContentType,
  Registry,
} from "prom-client";
import type { MetricDefinition } from "../../semconv/index.ts";
import { type MetricSource, metricsText } from "./metrics-text.ts";

export interface ExpositionOptions {
  readonly sources: readonly MetricSource[];
  /** Add CPU, memory and event-loop metrics of the process. */
  readonly process: boolean;
}

/** The product metrics as a page in either format; no end mark, so that more can follow. */
export interface Exposition {
  text(): Promise<string>;
  openMetrics(): Promise<string>;
  /** Stops collecting process metrics. */
  close(): void;
}

const EOF_MARK = "# EOF\n";

/**
 * The metrics of the process are prom-client's, in two registries, one for each format: an OpenMetrics scrape takes
 * `_total` off the name of every counter it finds in its registry for good, so a shared registry would serve wrong names
 * afterwards.
 */
export function createExposition({ sources, process }: ExpositionOptions): Exposition {
  const text = new Registry();
  const openMetrics = new Registry<OpenMetricsContentType>();
  openMetrics.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const ofProcess = new Registry();
  if (process) collectDefaultMetrics({ register: ofProcess });
  for (const metric of ofProcess.getMetricsAsArray()) {
    // three of prom-client's gauges are named like counters, which OpenMetrics does not allow
    if (metric instanceof Gauge && metric.name.endsWith("_total")) continue;
    for (const registry of [text, openMetrics]) {
      registry.registerMetric(sharedMetric(metric as unknown as Metric));
    }
  }

  return {
    async text() {
      const page = await metricsText(sources, "prometheus");
      if (!process) return page;
      return `${page}${page === "" ? "" : "\n"}${await text.metrics()}`;
    },
    async openMetrics() {
      const page = await metricsText(sources, "openMetrics");
      return process ? `${page}${withoutEnd(await openMetrics.metrics())}` : page;
    },
    close: () => ofProcess.clear(),
  };
}

function withoutEnd(page: string): string {
  return page.endsWith(EOF_MARK) ? page.slice(0, -EOF_MARK.length) : page;
}

/** Another registry's metric under a name that this registry may change. */
function sharedMetric(original: Metric): Metric {
  const { name, help, type } = original as unknown as MetricDefinition;
  const metric = {
    name,
    help,
    type,
    async get() {
      return { ...(await original.get()), name: this.name };
    },
  };
  return metric as unknown as Metric;
}
