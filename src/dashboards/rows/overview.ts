import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import * as units from "@grafana/grafana-foundation-sdk/units";

import { productMetrics } from "../../semconv/index.ts";
import { serviceLevels } from "../../semconv/service-levels.ts";
import { statPanel } from "../panels/stat.ts";
import { textPanel } from "../panels/text.ts";
import { current, perSecond, quantile } from "../queries.ts";
import { failureRatio } from "./failure-ratio.ts";

const PURPOSE = `**Is it healthy, and what does it cost right now?** Row by row: traffic, latency, errors, cost; below them, closed, what is looked at less often.
Dots on the latency graphs are traces. What to do when an alert fires: \`docs/runbooks/\` in the repository of \`@rlm-toolkit/observability\`.`;

/** The dashboard's one question on one line. */
export function overviewPanels(): Builder<Panel>[] {
  const { requests, latency, timeToFirstToken, cost, activeSessions } = productMetrics;
  const stat = { span: 4 };
  return [
    textPanel({ slug: "purpose", title: "", markdown: PURPOSE, height: 2 }),
    statPanel({
      ...stat,
      slug: "requests-now",
      title: "Requests",
      description: "Finished LLM operations per second. Retries by an SDK belong to one operation.",
      unit: units.RequestsPerSecond,
      expr: perSecond(requests),
    }),
    statPanel({
      ...stat,
      slug: "error-ratio-now",
      title: "Error ratio",
      description: "Share of operations that ended in an error or were cut off.",
      unit: units.PercentUnit,
      expr: failureRatio(),
      limits: serviceLevels.failureRatio,
    }),
    statPanel({
      ...stat,
      slug: "latency-p95-now",
      title: "Latency p95",
      description: "19 of 20 operations were faster than this, retries and back-off included.",
      unit: units.Seconds,
      expr: quantile(0.95, latency),
      limits: serviceLevels.latencyP95Seconds,
    }),
    statPanel({
      ...stat,
      slug: "time-to-first-token-p95-now",
      title: "Time to first token p95",
      description: "In 19 of 20 streamed answers the first content came sooner than this.",
      unit: units.Seconds,
      expr: quantile(0.95, timeToFirstToken),
    }),
    statPanel({
      ...stat,
      slug: "cost-per-hour-now",
      title: "Cost per hour",
      description:
        "What an hour costs at the present rate. Usage without a known price is not in it.",
      unit: units.Dollars,
      expr: `${perSecond(cost)} * 3600`,
    }),
    statPanel({
      ...stat,
      slug: "active-sessions",
      title: "Active sessions",
      description: "Sessions that were started and have neither ended nor expired.",
      unit: units.Short,
      expr: current(activeSessions),
    }),
  ];
}
