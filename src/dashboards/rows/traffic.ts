import * as units from "@grafana/grafana-foundation-sdk/units";

import { productMetrics } from "../../semconv/index.ts";
import { timeSeries } from "../panels/time-series.ts";
import { perSecond } from "../queries.ts";
import type { Section } from "../section.ts";

const STATUS_COLORS = {
  success: "green",
  error: "red",
  truncated: "orange",
  aborted: "yellow",
  abandoned: "purple",
};

/** How much is asked of whom, and how does it end? */
export function trafficSection(): Section {
  const { requests } = productMetrics;
  return {
    slug: "traffic",
    title: "Traffic",
    panels: [
      timeSeries({
        slug: "request-rate",
        title: "Request rate by provider and model",
        description: "Finished LLM operations per second.",
        span: 12,
        unit: units.RequestsPerSecond,
        queries: [
          { expr: perSecond(requests, ["provider", "model"]), legend: "{{provider}} {{model}}" },
        ],
      }),
      timeSeries({
        slug: "outcomes",
        title: "Outcomes by status",
        description:
          "How operations end. Aborted: the caller stopped it. Abandoned: nobody read the answer. Truncated: the stream broke off.",
        span: 12,
        unit: units.RequestsPerSecond,
        stacked: true,
        colors: STATUS_COLORS,
        queries: [{ expr: perSecond(requests, ["status"]), legend: "{{status}}" }],
      }),
    ],
  };
}
