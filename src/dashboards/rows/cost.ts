import * as units from "@grafana/grafana-foundation-sdk/units";

import { productMetrics } from "../../semconv/index.ts";
import { tablePanel } from "../panels/table.ts";
import { timeSeries } from "../panels/time-series.ts";
import { growthInRange, orNone, perSecond, quantile } from "../queries.ts";
import type { Section } from "../section.ts";

/** What does it cost, and on what is it spent? */
export function costSection(): Section {
  const { cost, tokens, requestCost } = productMetrics;
  return {
    slug: "cost",
    title: "Cost and tokens",
    panels: [
      timeSeries({
        slug: "cost-per-hour",
        title: "Cost per hour by provider and model",
        description: "What an hour costs at the rate of the moment.",
        span: 12,
        unit: units.Dollars,
        stacked: true,
        queries: [
          {
            expr: `${perSecond(cost, ["provider", "model"])} * 3600`,
            legend: "{{provider}} {{model}}",
          },
        ],
      }),
      timeSeries({
        slug: "tokens-by-type",
        title: "Token usage by type",
        description:
          "Tokens per second: prompt (cached ones included) and completion (reasoning included).",
        span: 12,
        unit: units.CountsPerSecond,
        stacked: true,
        queries: [{ expr: perSecond(tokens, ["type"]), legend: "{{type}}" }],
      }),
      timeSeries({
        slug: "cost-per-request",
        title: "Cost per request p50, p95",
        description: "Cost of one priced operation.",
        span: 12,
        unit: units.Dollars,
        queries: [
          { expr: quantile(0.5, requestCost), legend: "p50" },
          { expr: quantile(0.95, requestCost), legend: "p95" },
        ],
      }),
      unpricedTokens(),
    ],
  };
}

function unpricedTokens() {
  const { unpricedTokens: unpriced } = productMetrics;
  return tablePanel({
    slug: "unpriced-tokens",
    title: "Unpriced tokens",
    description:
      "Tokens in the time range whose price is not known: they are missing in every cost above. Set a price override for these models.",
    span: 12,
    labels: { provider: "Provider", model: "Model", type: "Type" },
    sortBy: "Tokens",
    values: [
      {
        title: "Tokens",
        expr: orNone(growthInRange(unpriced, ["provider", "model", "type"]), "model"),
        unit: units.Short,
        decimals: 0,
      },
    ],
  });
}
