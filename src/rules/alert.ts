import type { AlertRule, Severity } from "./rule-types.ts";

/** Where an alert's links lead. */
export interface AlertLinks {
  /** Address of the dashboard panel with this slug. */
  readonly panelUrl: (slug: string) => string;
  /** Put before the runbook's file name; default the path in this repository. */
  readonly runbookBase?: string;
}

export interface AlertSpec {
  readonly alert: string;
  readonly severity: Severity;
  readonly expr: string;
  readonly for?: string;
  readonly keepFiringFor?: string;
  /** One sentence without values, so that notifications of one alert read alike. */
  readonly summary: string;
  /** With labels and value. */
  readonly description: string;
  /** Slug of the dashboard panel that shows what the alert is about. */
  readonly panel: string;
}

/** The folder of the runbooks in this repository, relative to its root. */
export const RUNBOOK_FOLDER = "docs/runbooks";

export function alertRule(spec: AlertSpec, links: AlertLinks): AlertRule {
  return {
    alert: spec.alert,
    expr: spec.expr,
    ...(spec.for === undefined ? {} : { for: spec.for }),
    ...(spec.keepFiringFor === undefined ? {} : { keep_firing_for: spec.keepFiringFor }),
    labels: { severity: spec.severity },
    annotations: {
      summary: spec.summary,
      description: spec.description,
      runbook_url: `${links.runbookBase ?? RUNBOOK_FOLDER}/${runbookFile(spec.alert)}`,
      dashboard_url: links.panelUrl(spec.panel),
    },
  };
}

/** `LlmTargetDown` → `llm-target-down.md`. */
function runbookFile(alert: string): string {
  return `${alert.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase()}.md`;
}
