import { readFileSync } from "node:fs";
import { checkOptions } from "./check-options.ts";
import { customizeDashboard } from "./dashboards/customize.ts";
import { ObservabilityError } from "./errors/index.ts";
import type { DashboardOptions } from "./runtime/observability.ts";
import { packageFile } from "./runtime/package-file.ts";

const DASHBOARD = "grafana/dashboards/llm-overview.json";

/** The dashboard that ships with this package, customised. @throws ASSET_MISSING, CONFIGURATION_INVALID */
export function shippedDashboard(options: DashboardOptions): Record<string, unknown> {
  checkOptions("generateGrafanaDashboard", options);
  return customizeDashboard(readDashboard(), options);
}

function readDashboard(): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(packageFile(DASHBOARD), "utf8")) as Record<string, unknown>;
  } catch (cause) {
    throw new ObservabilityError(
      "ASSET_MISSING",
      `${DASHBOARD} of this package was not found. If this package is bundled, mark it as external.`,
      { cause },
    );
  }
}
