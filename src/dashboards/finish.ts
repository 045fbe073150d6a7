import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

import { allPanels, type DashboardJson } from "./dashboard-json.ts";
import { layOut } from "./layout.ts";

const FIRST_REF_ID = "A".charCodeAt(0);

/**
 * What the SDK leaves open in a built dashboard: names for the queries, a layout that wraps, ids that are known
 * to be unique. Returns plain JSON that shares nothing with the builders.
 *
 * @throws Error when two panels have one id, or one has none.
 */
export function finish(dashboard: Dashboard): DashboardJson {
  // The SDK's own type knows no refId and allows what JSON drops; from here on it is the JSON that counts.
  const json = JSON.parse(JSON.stringify(dashboard, withoutPlacement)) as DashboardJson;
  checkIds(json);
  layOut(json.panels);
  for (const panel of allPanels(json)) nameTargets(panel.targets ?? []);
  return json;
}

/** Grafana hides links and annotations that have a placement in a menu; the SDK sets one on all of them. */
function withoutPlacement(key: string, value: unknown): unknown {
  return key === "placement" && value === "inControlsMenu" ? undefined : value;
}

function checkIds(dashboard: DashboardJson): void {
  const titles = new Map<number, string>();
  for (const { id, title } of allPanels(dashboard)) {
    if (!id) throw new Error(`Panel "${title}" has no id`);
    const other = titles.get(id);
    if (other !== undefined) throw new Error(`Panels "${other}" and "${title}" have one id, ${id}`);
    titles.set(id, title);
  }
}

function nameTargets(targets: { refId: string }[]): void {
  for (const [index, target] of targets.entries()) {
    target.refId = String.fromCharCode(FIRST_REF_ID + index);
  }
}
