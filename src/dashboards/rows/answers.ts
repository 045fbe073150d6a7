import * as units from "@grafana/grafana-foundation-sdk/units";

import { productMetrics } from "../../semconv/index.ts";
import { tablePanel } from "../panels/table.ts";
import { timeSeries } from "../panels/time-series.ts";
import { growthInRange, orNone, perSecond } from "../queries.ts";
import type { Section } from "../section.ts";

/** Why do answers end, what do retries cost in time, and what of the tokens is estimated? */
export function answersSection(): Section {
  const { finishReasons, backoff } = productMetrics;
  return {
    slug: "answers",
    title: "Answers",
    collapsed: true,
    panels: [
      timeSeries({
        slug: "finish-reasons",
        title: "Why models stopped",
        description:
          "Answers per second by finish reason. `length` is an answer that was cut at its token limit, `content_filter` one that was refused: both are successes on the wire.",
        span: 12,
        unit: units.RequestsPerSecond,
        queries: [{ expr: perSecond(finishReasons, ["reason"]), legend: "{{reason}}" }],
      }),
      timeSeries({
        slug: "backoff",
        title: "Operations that wait to try again",
        description:
          "How many operations are backing off at a time, on average: latency that no model is to blame for.",
        span: 12,
        unit: units.Short,
        queries: [
          { expr: orNone(perSecond(backoff, ["provider"]), "provider"), legend: "{{provider}}" },
        ],
      }),
      estimates(),
    ],
  };
}

function estimates() {
  const { estimatedCost, estimatedTokens } = productMetrics;
  return tablePanel({
    slug: "estimates",
    title: "Estimates",
    description:
      "Tokens and cost in the time range that are estimates, where estimateUsage is on: parts of the figures in the other rows.",
    span: 12,
    labels: { provider: "Provider", model: "Model" },
    sortBy: "Tokens",
    values: [
      {
        title: "Tokens",
        expr: orNone(growthInRange(estimatedTokens, ["provider", "model"]), "model"),
        unit: units.Short,
        decimals: 0,
      },
      {
        title: "Cost",
        expr: orNone(growthInRange(estimatedCost, ["provider", "model"]), "model"),
        unit: units.Dollars,
        decimals: 4,
      },
    ],
  });
}
