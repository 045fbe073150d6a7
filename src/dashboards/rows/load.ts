import * as units from "@grafana/grafana-foundation-sdk/units";

import { productMetrics } from "../../semconv/index.ts";
import { timeSeries } from "../panels/time-series.ts";
import { current, orNone, perSecond } from "../queries.ts";
import type { Section } from "../section.ts";

/** What is under way, and what are the tokens made of? */
export function loadSection(): Section {
  const { activeRequests, tokenDetails } = productMetrics;
  return {
    slug: "load",
    title: "Load and token details",
    collapsed: true,
    panels: [
      timeSeries({
        slug: "active-requests",
        title: "Requests under way by provider",
        description: "LLM operations that have started and not ended.",
        span: 12,
        unit: units.Short,
        queries: [{ expr: current(activeRequests, ["provider"]), legend: "{{provider}}" }],
      }),
      timeSeries({
        slug: "token-details",
        title: "Token details by kind",
        description:
          "Parts of the token usage, such as cached prompt or reasoning tokens. They are counted in it already, so never add them to it.",
        span: 12,
        unit: units.CountsPerSecond,
        queries: [{ expr: orNone(perSecond(tokenDetails, ["kind"]), "kind"), legend: "{{kind}}" }],
      }),
    ],
  };
}
