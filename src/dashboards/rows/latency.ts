import * as units from "@grafana/grafana-foundation-sdk/units";

import { productMetrics } from "../../semconv/index.ts";
import { serviceLevels } from "../../semconv/service-levels.ts";
import { tablePanel } from "../panels/table.ts";
import { timeSeries } from "../panels/time-series.ts";
import { growthInRange, quantile, quantileInRange } from "../queries.ts";
import type { Section } from "../section.ts";

/** How fast does a user see an answer? */
export function latencySection(): Section {
  const { latency, timeToFirstToken, outputTokensPerSecond } = productMetrics;
  return {
    slug: "latency",
    title: "Latency",
    panels: [
      timeSeries({
        slug: "latency",
        title: "Latency p50, p95, p99",
        description:
          "Duration of operations as the application saw it, retries and back-off included. Dots are single calls: click one to see its trace.",
        span: 12,
        unit: units.Seconds,
        limits: serviceLevels.latencyP95Seconds,
        queries: [
          { expr: quantile(0.5, latency), legend: "p50" },
          { expr: quantile(0.95, latency), legend: "p95", exemplars: true },
          { expr: quantile(0.99, latency), legend: "p99" },
        ],
      }),
      timeSeries({
        slug: "time-to-first-token",
        title: "Time to first token p50, p95",
        description: "From sending the last attempt to the first content of a streamed answer.",
        span: 12,
        unit: units.Seconds,
        queries: [
          { expr: quantile(0.5, timeToFirstToken), legend: "p50" },
          { expr: quantile(0.95, timeToFirstToken), legend: "p95", exemplars: true },
        ],
      }),
      timeSeries({
        slug: "output-tokens-per-second",
        title: "Output tokens per second by model, p50",
        description: "Writing speed of streamed answers, from the first content to the end.",
        span: 12,
        unit: units.CountsPerSecond,
        queries: [
          {
            expr: quantile(0.5, outputTokensPerSecond, ["provider", "model"]),
            legend: "{{provider}} {{model}}",
          },
        ],
      }),
      slowestModels(),
    ],
  };
}

function slowestModels() {
  const { latency, requests, cost } = productMetrics;
  const model = ["provider", "model"] as const;
  return tablePanel({
    slug: "slowest-models",
    title: "Slowest models",
    description: "Models over the time range of the dashboard, the one with the highest p95 first.",
    span: 12,
    labels: { provider: "Provider", model: "Model" },
    sortBy: "p95",
    values: [
      {
        title: "p95",
        expr: quantileInRange(0.95, latency, model),
        unit: units.Seconds,
        limits: serviceLevels.latencyP95Seconds,
      },
      { title: "p50", expr: quantileInRange(0.5, latency, model), unit: units.Seconds },
      { title: "Requests", expr: growthInRange(requests, model), unit: units.Short, decimals: 0 },
      { title: "Cost", expr: growthInRange(cost, model), unit: units.Dollars, decimals: 4 },
    ],
  });
}
