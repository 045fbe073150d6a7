import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  RowBuilder,
  type DashboardBuilder,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";

import { panelId } from "./panel-id.ts";

/** Panels that answer one question, below one another in a row of their own. */
export interface Section {
  readonly slug: string;
  readonly title: string;
  /** Closed when the dashboard opens: its queries run only once somebody looks. */
  readonly collapsed?: boolean;
  readonly panels: readonly Builder<Panel>[];
}

/** Grafana nests the panels of a closed row in it, and puts those of an open one beside it. */
export function addSection(dashboard: DashboardBuilder, section: Section): void {
  const row = new RowBuilder(section.title).id(panelId(`row-${section.slug}`));
  if (section.collapsed) {
    row.collapsed(true);
    for (const panel of section.panels) row.withPanel(panel);
    dashboard.withRow(row);
    return;
  }
  dashboard.withRow(row);
  for (const panel of section.panels) dashboard.withPanel(panel);
}
