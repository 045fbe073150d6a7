/** One group of a Prometheus rule file, restricted to what Prometheus 2.42 and 3 both read. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (RecordingRule | AlertRule)[];
}

export interface RecordingRule {
  /** `level:metric:operations`. */
  readonly record: string;
  readonly expr: string;
}

/** `critical` wakes somebody, `warning` can wait for the morning, `info` is for reading; `none` is the heartbeat. */
export type Severity = "critical" | "warning" | "info" | "none";

export interface AlertRule {
  /** CamelCase; alerts of this package start with `Llm`, so that dashboards and routes can pick them. */
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: { readonly severity: Severity };
  readonly annotations: AlertAnnotations;
}

export interface AlertAnnotations {
  readonly summary: string;
  readonly description: string;
  readonly runbook_url: string;
  readonly dashboard_url: string;
}
