import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
} from "@grafana/grafana-foundation-sdk/dashboard";

import type { DashboardJson } from "./dashboard-json.ts";
import { finish } from "./finish.ts";
import { OVERVIEW_UID } from "./links.ts";
import { dataSource } from "./panels/target.ts";
import { answersSection } from "./rows/answers.ts";
import { agentsSection } from "./rows/agents.ts";
import { costSection } from "./rows/cost.ts";
import { errorsSection } from "./rows/errors.ts";
import { latencySection } from "./rows/latency.ts";
import { loadSection } from "./rows/load.ts";
import { openTelemetrySection } from "./rows/open-telemetry.ts";
import { overviewPanels } from "./rows/overview.ts";
import { sessionsSection } from "./rows/sessions.ts";
import { telemetrySection } from "./rows/telemetry.ts";
import { trafficSection } from "./rows/traffic.ts";
import { addSection } from "./section.ts";
import { variables } from "./variables.ts";

/** Links every dashboard of this package to the others. */
const TAG = "llm";

/** The dashboard "RLM-Toolkit Observability", as classic JSON (schema version 42). */
export function llmOverview(): DashboardJson {
  const dashboard = new DashboardBuilder("RLM-Toolkit Observability")
    .uid(OVERVIEW_UID)
    .description("Is it healthy, and what does it cost right now?")
    .tags([TAG, "generated", "overview"])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh("30s")
    .time({ from: "now-1h", to: "now" })
    .timezone("browser")
    .link(relatedDashboards())
    .annotation(firingAlerts());
  for (const variable of variables()) dashboard.withVariable(variable);
  for (const panel of overviewPanels()) dashboard.withPanel(panel);
  for (const section of sections()) addSection(dashboard, section);
  return finish(dashboard.build());
}

function sections() {
  return [
    trafficSection(),
    latencySection(),
    errorsSection(),
    answersSection(),
    costSection(),
    loadSection(),
    sessionsSection(),
    agentsSection(),
    telemetrySection(),
    openTelemetrySection(),
  ];
}

function relatedDashboards(): DashboardLinkBuilder {
  return new DashboardLinkBuilder("LLM dashboards")
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .keepTime(true)
    .includeVars(true);
}

function firingAlerts(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name("Firing alerts")
    .datasource(dataSource)
    .enable(true)
    .iconColor("red")
    .expr('ALERTS{alertstate="firing",alertname=~"Llm.*"}')
    .titleFormat("{{alertname}}")
    .textFormat("{{severity}} {{provider}} {{model}}");
}
