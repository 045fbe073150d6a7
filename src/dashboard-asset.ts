import { readFileSync } from "node:fs";
import { customizeDashboard } from "./dashboards/customize.ts";
import { ObservabilityError } from "./errors/index.ts";
import type { DashboardOptions } from "./runtime/observability.ts";

const DASHBOARD = new URL("../grafana/dashboards/llm-overview.json", import.meta.url);

/** The dashboard that ships with this package, customised. @throws ASSET_MISSING */
export function shippedDashboard(options: DashboardOptions): Record<string, unknown> {
  return customizeDashboard(readDashboard(), options);
}

function readDashboard(): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(DASHBOARD, "utf8")) as Record<string, unknown>;
  } catch (cause) {
    throw new ObservabilityError(
      "ASSET_MISSING",
      `The dashboard was not found at ${DASHBOARD.pathname}. If this package is bundled, mark it as external.`,
      { cause },
    );
  }
}
