import { renderConfigurationDoc } from "../config/render-configuration-doc.ts";
import { panelUrl } from "../dashboards/links.ts";
import { renderErrorsDoc } from "../errors/render-errors-doc.ts";
import { ObservabilityError } from "../errors/index.ts";
import { renderEventsDoc } from "../events/render-events-doc.ts";
import { renderAlertRules, renderRecordingRules } from "../rules/render-rules.ts";
import { eventSchemaFiles } from "./event-schema-files.ts";
import { renderMetricsDoc } from "./metrics-doc.ts";

/** A committed file that is made from the source. */
export interface Artifact {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly render: () => string | Promise<string>;
}

/** Everything that is generated. */
export const artifacts: readonly Artifact[] = [
  { path: "grafana/dashboards/llm-overview.json", render: renderOverview },
  { path: "prometheus/rules/recording.yml", render: renderRecordingRules },
  { path: "prometheus/rules/alerts.yml", render: () => renderAlertRules({ panelUrl }) },
  { path: "docs/configuration.md", render: renderConfigurationDoc },
  { path: "docs/errors.md", render: renderErrorsDoc },
  { path: "docs/events.md", render: renderEventsDoc },
  { path: "docs/metrics.md", render: renderMetricsDoc },
  ...eventSchemaFiles,
];

/** The SDK is needed here only, so it is neither a dependency nor loaded with the rest of the program. */
async function renderOverview(): Promise<string> {
  try {
    const { llmOverview } = await import("../dashboards/llm-overview.ts");
    return `${JSON.stringify(llmOverview(), null, 2)}\n`;
  } catch (cause) {
    if (!isMissingSdk(cause)) throw cause;
    throw new ObservabilityError(
      "PEER_MISSING",
      "Generating dashboards needs @grafana/grafana-foundation-sdk: npm install --save-dev @grafana/grafana-foundation-sdk@0.0.21",
      { cause },
    );
  }
}

function isMissingSdk(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes("grafana-foundation-sdk")
  );
}
