import { describe, expect, test } from "vitest";

import { panelUrl } from "../../src/dashboards/links.ts";
import { llmOverview } from "../../src/dashboards/llm-overview.ts";
import { recorded, recordingGroup } from "../../src/rules/recording-rules.ts";
import { alerts } from "../../src/rules/render-rules.ts";
import {
  genAiActivitySeries,
  genAiMainSeries,
  genAiSeries,
} from "../../src/semconv/gen-ai-series.ts";
import { productMetrics } from "../../src/semconv/index.ts";
import { panelExpressions } from "../e2e/panel-expressions.ts";
import { parsePromql } from "../support/promql.ts";

interface Known {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

/** Product metrics that no panel and no rule shows, each with a reason. */
const UNUSED: readonly string[] = [];

const TARGET_LABELS = ["job", "instance"];

const labelsOfSeries = new Map<string, readonly string[]>([
  ["up", TARGET_LABELS],
  ["ALERTS", ["alertname", "alertstate"]],
  // The level in a recorded name is the labels that it has.
  ...Object.values(recorded).map((name): [string, string[]] => [
    name,
    name.slice(0, name.indexOf(":")).split("_"),
  ]),
  ...(
    [
      ...Object.values(productMetrics),
      ...Object.values(genAiSeries),
      ...Object.values(genAiMainSeries),
      ...Object.values(genAiActivitySeries),
    ] as Known[]
  ).flatMap(series),
]);

function series({ name, type, labels }: Known): [string, readonly string[]][] {
  const known = [...labels, ...TARGET_LABELS];
  if (type !== "histogram") return [[name, known]];
  return [
    [`${name}_bucket`, [...known, "le"]],
    [`${name}_sum`, known],
    [`${name}_count`, known],
  ];
}

const dashboard = llmOverview();

const expressions = [
  ...panelExpressions(dashboard, { rateInterval: "1m" }).map(({ panel, refId, expr }) => ({
    where: `panel ${panel} ${refId}`,
    expr,
  })),
  ...dashboard.annotations.list.map(({ name, expr = "" }) => ({
    where: `annotation ${name}`,
    expr,
  })),
  ...alerts({ panelUrl }).map(({ alert, labels, expr }) => ({
    where: `alert ${alert} ${labels.severity}`,
    expr,
  })),
  ...recordingGroup().rules.map((rule) => ({
    where: "record" in rule ? `rule ${rule.record}` : "rule",
    expr: rule.expr,
  })),
].map(({ where, expr }) => ({ where, ...parsePromql(expr) }));

describe.each(expressions)("$where", ({ selectors, groupingLabels }) => {
  test("asks for metrics that exist, by labels that they have", () => {
    for (const { metric, matchers } of selectors) {
      const labels = labelsOfSeries.get(metric);
      expect(labels, metric).toBeDefined();
      for (const label of matchers.keys()) expect(labels, metric).toContain(label);
    }
  });

  test("groups by labels that its metrics have", () => {
    const labels = selectors.flatMap(({ metric }) => labelsOfSeries.get(metric) ?? []);
    for (const label of groupingLabels) expect(labels).toContain(label);
  });
});

test("every product metric is shown by a panel or read by a rule", () => {
  const used = new Set(
    expressions.flatMap(({ selectors }) => selectors.map(({ metric }) => metric)),
  );
  const unused = Object.values(productMetrics)
    .filter((metric) => !series(metric).some(([name]) => used.has(name)))
    .map(({ name }) => name);
  expect(unused).toEqual(UNUSED);
});
