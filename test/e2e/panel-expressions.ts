import { allPanels, type DashboardJson } from "../../src/dashboards/dashboard-json.ts";

export interface PanelExpression {
  readonly panel: string;
  readonly panelId: number;
  readonly refId: string;
  readonly expr: string;
  /** Asked once, for the end of the time range; otherwise for every point of a graph. */
  readonly instant: boolean;
  readonly exemplars: boolean;
}

export interface Substitutions {
  /** For `$__rate_interval`: at least four scrape intervals, e.g. `5s` where Prometheus scrapes each second. */
  readonly rateInterval: string;
  /** For `$__range`; default `1h`. */
  readonly range?: string;
  /** For `$__interval`; default `15s`. */
  readonly interval?: string;
  /** By name, as regular expressions; a variable that is not given matches everything. */
  readonly variables?: Readonly<Record<string, string>>;
}

const ANYTHING = ".+";

/** Replaces Grafana's variables in PromQL. */
export function substitute(expression: string, substitutions: Substitutions): string {
  const { rateInterval, range = "1h", interval = "15s", variables = {} } = substitutions;
  const known: Readonly<Record<string, string>> = {
    ...variables,
    __rate_interval: rateInterval,
    __range: range,
    __interval: interval,
  };
  return expression.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => {
    const name = braced ?? plain ?? "";
    return known[name] ?? ANYTHING;
  });
}

/** Every query of every panel, those of closed rows included, ready to be sent to Prometheus. */
export function panelExpressions(
  dashboard: DashboardJson,
  substitutions: Substitutions,
): PanelExpression[] {
  return allPanels(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({
      panel: panel.title,
      panelId: panel.id,
      refId: target.refId,
      expr: substitute(target.expr, substitutions),
      instant: target.instant ?? false,
      exemplars: target.exemplar ?? false,
    })),
  );
}
