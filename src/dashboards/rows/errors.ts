import * as units from "@grafana/grafana-foundation-sdk/units";

import { productMetrics } from "../../semconv/index.ts";
import { serviceLevels } from "../../semconv/service-levels.ts";
import { timeSeries } from "../panels/time-series.ts";
import { orNone, perSecond } from "../queries.ts";
import type { Section } from "../section.ts";
import { failureRatio } from "./failure-ratio.ts";

/** What fails, and what do retries save? */
export function errorsSection(): Section {
  const { errors, attempts, retries } = productMetrics;
  return {
    slug: "errors",
    title: "Errors",
    panels: [
      timeSeries({
        slug: "errors-by-type",
        title: "Error rate by type",
        description: "Operations per second that ended in an error or were cut off.",
        span: 8,
        unit: units.RequestsPerSecond,
        queries: [
          {
            expr: orNone(perSecond(errors, ["error_type"]), "error_type"),
            legend: "{{error_type}}",
          },
        ],
      }),
      timeSeries({
        slug: "error-ratio",
        title: "Error ratio by provider",
        description: "Share of operations that failed. The dashed lines are the alert thresholds.",
        span: 8,
        unit: units.PercentUnit,
        limits: serviceLevels.failureRatio,
        queries: [{ expr: failureRatio(["provider"]), legend: "{{provider}}" }],
      }),
      timeSeries({
        slug: "attempts",
        title: "Attempts and retries",
        description:
          "HTTP attempts per second by result, and those that the SDK repeated, by reason. More attempts than requests means that retries hide failures.",
        span: 8,
        unit: units.RequestsPerSecond,
        queries: [
          { expr: perSecond(attempts, ["result"]), legend: "attempt: {{result}}" },
          { expr: orNone(perSecond(retries, ["reason"]), "reason"), legend: "retry: {{reason}}" },
        ],
      }),
    ],
  };
}
