import { panelId } from "./panel-id.ts";

/** Unique id of the dashboard: part of its URL, never changed. */
export const OVERVIEW_UID = "llm-overview";

/** Where the compose stack publishes Grafana. */
const DEFAULT_GRAFANA_URL = "http://localhost:3000";

/** Address of one panel of the overview dashboard, by its slug. */
export function panelUrl(slug: string, grafanaUrl: string = DEFAULT_GRAFANA_URL): string {
  return `${grafanaUrl}/d/${OVERVIEW_UID}?viewPanel=${panelId(slug)}`;
}
