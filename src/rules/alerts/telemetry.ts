import { productMetrics } from "../../semconv/index.ts";
import { increase, select } from "../../semconv/promql.ts";
import type { AlertSpec } from "../alert.ts";

/** A process that was seen within this time is expected to be there. */
const MEMORY = "6h";

/** Can the numbers be trusted? */
export function telemetryAlerts(): AlertSpec[] {
  return [targetDown(), targetMissing(), telemetryDropping(), unpricedTokens(), watchdog()];
}

/** Only targets that have once shown metrics of this package: the default target on the host may never exist. */
function targetDown(): AlertSpec {
  const seen = `last_over_time(${select(productMetrics.buildInfo)}[${MEMORY}])`;
  return {
    alert: "LlmTargetDown",
    severity: "warning",
    expr: `up == 0 and on (job, instance) ${seen}`,
    for: "2m",
    summary: "Prometheus can't scrape an LLM application.",
    description:
      "{{ $labels.instance }} of {{ $labels.job }} has not answered for 2 minutes; its calls are not counted meanwhile.",
    panel: "versions",
  };
}

/** The second half keeps the alert firing when nothing has been seen for longer than Prometheus is asked to remember. */
function targetMissing(): AlertSpec {
  const present = select(productMetrics.buildInfo);
  const seen = `last_over_time(${present}[${MEMORY}])`;
  const gone = `(group by (job) (${seen}) unless on (job) ${present})`;
  const none = `(absent(${present}) unless on () group(${seen}))`;
  return {
    alert: "LlmTargetMissing",
    severity: "critical",
    expr: `${gone} or ${none}`,
    for: "5m",
    summary: "No process of an LLM application is scraped.",
    description:
      "Prometheus gets metrics from no process of {{ with $labels.job }}{{ . }}{{ else }}any LLM application{{ end }}.",
    panel: "versions",
  };
}

function telemetryDropping(): AlertSpec {
  const by = ["job", "destination", "reason"] as const;
  return {
    alert: "LlmTelemetryDropping",
    severity: "warning",
    expr: `${increase(productMetrics.telemetryDropped, { window: "10m", by })} > 0`,
    keepFiringFor: "10m",
    summary: "Telemetry of LLM calls is being lost.",
    description:
      "{{ $labels.job }} lost {{ $value | humanize }} records for {{ $labels.destination }} in the last 10 minutes: {{ $labels.reason }}.",
    panel: "telemetry-dropped",
  };
}

function unpricedTokens(): AlertSpec {
  const by = ["job", "provider", "model"] as const;
  return {
    alert: "LlmUnpricedTokens",
    severity: "info",
    expr: `${increase(productMetrics.unpricedTokens, { window: "1h", by })} > 0`,
    keepFiringFor: "15m",
    summary: "The cost of a model is not known.",
    description:
      "{{ $labels.job }} used {{ $value | humanize }} tokens of {{ $labels.provider }} {{ $labels.model }} in the last hour without a known price.",
    panel: "unpriced-tokens",
  };
}

/** Fires always. Whoever expects it and hears nothing knows that alerting itself is broken. */
function watchdog(): AlertSpec {
  return {
    alert: "Watchdog",
    severity: "none",
    expr: "vector(1)",
    summary: "Alerting works.",
    description:
      "This alert always fires; its absence means that Prometheus or Alertmanager is broken.",
    panel: "versions",
  };
}
