/**
 * The rules of https://github.com/grafana/dashboard-linter that apply to Prometheus dashboards, and our own.
 * Its `target-logql` rules don't apply: there is no Loki here.
 */
import { describe, expect, test } from "vitest";

import { substitute } from "../../test/e2e/panel-expressions.ts";
import { parsePromql } from "../../test/support/promql.ts";
import { allPanels, type PanelJson } from "./dashboard-json.ts";
import { llmOverview } from "./llm-overview.ts";

const dashboard = llmOverview();
const panels = allPanels(dashboard);
const measured = panels.filter(({ type }) => ["stat", "table", "timeseries"].includes(type));
const queries = measured.flatMap(({ title, targets = [] }) =>
  targets.map((target) => ({
    where: `${title} ${target.refId}`,
    raw: target.expr,
    ...parsePromql(substitute(target.expr, { rateInterval: "1m" })),
  })),
);
const selections = queries.flatMap(({ where, selectors }) =>
  selectors.map((selector) => ({ where: `${where}: ${selector.metric}`, ...selector })),
);

function variable(name: string) {
  return dashboard.templating.list.find((candidate) => candidate.name === name);
}

function fieldDefaults(panel: PanelJson): Record<string, unknown> {
  const { defaults } = panel["fieldConfig"] as { defaults: Record<string, unknown> };
  return defaults;
}

describe("dashboard", () => {
  test("uneditable-dashboard, identity", () => {
    expect(dashboard).toMatchObject({
      title: "RLM-Toolkit Observability",
      uid: "llm-overview",
      editable: false,
      schemaVersion: 42,
      graphTooltip: 1,
    });
    expect(dashboard.uid).toMatch(/^[a-z0-9-]{1,40}$/);
    expect(dashboard["tags"]).toContain("llm");
  });

  test("template-datasource-rule", () => {
    const sources = dashboard.templating.list.filter(({ type }) => type === "datasource");
    expect(sources).toMatchObject([{ name: "datasource", label: "Data source" }]);
  });

  test.each(["job", "instance"])("template-%s-rule", (name) => {
    expect(variable(name)).toMatchObject({
      type: "query",
      datasource: { uid: "${datasource}" },
      label: name === "job" ? "Job" : "Instance",
      multi: true,
      allValue: ".+",
    });
  });

  const queried = dashboard.templating.list.filter(({ type }) => type === "query");

  test.each(queried)("variable $name: its query, reload and start", (candidate) => {
    const [, selector = ""] = /^label_values\((.+), \w+\)$/.exec(String(candidate.query)) ?? [];
    expect(parsePromql(substitute(selector, { rateInterval: "1m" }))).toMatchObject({
      errors: [],
      selectors: [{ metric: expect.stringMatching(/^rlm_/) }],
    });
    expect(candidate).toMatchObject({ refresh: 2, current: { value: ["$__all"] } });
  });

  test("every variable that is used exists", () => {
    const used = queries.flatMap(({ raw }) =>
      [...raw.matchAll(/\$\{?(\w+)\}?/g)].map(([, name = ""]) => name),
    );
    const unknown = used.filter((name) => !name.startsWith("__") && !variable(name));
    expect(unknown).toEqual([]);
  });

  test("nothing hides in a menu", () => {
    const entries = [...dashboard.links, ...dashboard.annotations.list];
    expect(entries.filter((entry) => "placement" in entry)).toEqual([]);
  });

  test("links lead to dashboards of this package", () => {
    expect(dashboard.links).toMatchObject([
      { type: "dashboards", tags: ["llm"], keepTime: true, includeVars: true },
    ]);
    expect(dashboard["tags"]).toContain(dashboard.links[0]?.tags[0]);
  });

  test("no more than 20 panels run queries when it opens", () => {
    expect(dashboard.panels.filter(({ type }) => type !== "row").length).toBeLessThanOrEqual(20);
  });
});

describe("layout", () => {
  test("ids are unique", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { id } of panels) expect(id).toBeGreaterThan(0);
  });

  test("nothing is wider than the grid", () => {
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  test("nothing overlaps", () => {
    const levels = [dashboard.panels, ...dashboard.panels.map((row) => row.panels ?? [])];
    const clashes = levels.flatMap((level) =>
      level.flatMap((one, index) =>
        level
          .slice(index + 1)
          .filter((other) => overlap(one, other))
          .map((other) => `${one.title} / ${other.title}`),
      ),
    );
    expect(clashes).toEqual([]);
  });

  test("only closed rows hold panels", () => {
    for (const row of dashboard.panels.filter(({ type }) => type === "row")) {
      expect((row.panels?.length ?? 0) > 0, row.title).toBe(row.collapsed === true);
    }
  });
});

function overlap({ gridPos: a }: PanelJson, { gridPos: b }: PanelJson): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

describe.each(measured)("panel $title", (panel) => {
  test("panel-datasource-rule", () => {
    expect(panel["datasource"]).toEqual({ type: "prometheus", uid: "${datasource}" });
  });

  test("panel-title-description-rule, in full sentences", () => {
    expect(panel.title).not.toBe("");
    expect(panel.description).toMatch(/^[A-Z0-9].+\.$/);
  });

  test("panel-units-rule", () => {
    expect(["reqps", "percentunit", "s", "currencyUSD", "cps", "short"]).toContain(
      fieldDefaults(panel)["unit"],
    );
  });

  test("panel-no-targets-rule; queries are named", () => {
    const names = panel.targets?.map(({ refId }) => refId) ?? [];
    expect(names.length).toBeGreaterThan(0);
    expect(names).toEqual(["A", "B", "C", "D", "E"].slice(0, names.length));
  });

  test("thresholds are chosen", () => {
    const { steps } = fieldDefaults(panel)["thresholds"] as { steps: { value: number | null }[] };
    expect(steps[0]?.value).toBeNull();
    expect(steps.map(({ value }) => value)).not.toContain(80);
  });

  test("tables and only tables ask for one moment", () => {
    const isTable = panel.type === "table";
    for (const { instant = false, expr } of panel.targets ?? []) {
      expect(instant).toBe(isTable);
      expect(expr.includes("$__range") && !isTable).toBe(false);
    }
  });
});

test("graphs have a legend", () => {
  for (const { title, options } of measured.filter(({ type }) => type === "timeseries")) {
    expect(options, title).toMatchObject({ legend: { showLegend: true } });
  }
});

test("stats show the last value", () => {
  for (const { title, options } of measured.filter(({ type }) => type === "stat")) {
    expect(options, title).toMatchObject({ reduceOptions: { calcs: ["lastNotNull"] } });
  }
});

describe("queries", () => {
  test.each(queries)("target-promql-rule: $where", ({ errors }) => {
    expect(errors).toEqual([]);
  });

  test("target-rate-interval-rule", () => {
    for (const { where, raw } of queries) {
      const ranges = [...raw.matchAll(/\b(?:i?rate)\([^[]*\[([^\]]+)\]/g)].map(
        ([, range]) => range,
      );
      expect(new Set(ranges), where).toEqual(new Set(ranges.length ? ["$__rate_interval"] : []));
    }
  });

  test.each(["job", "instance"])("target-%s-rule", (label) => {
    const unscoped = selections.filter(({ matchers }) => matchers.get(label) !== '=~".+"');
    expect(unscoped.map(({ where }) => where)).toEqual([]);
  });

  test("target-counter-agg-rule: a counter is never shown as it is", () => {
    const bare = selections.filter(
      ({ metric, calledBy, besideUnless }) =>
        metric.endsWith("_total") &&
        !["rate", "irate", "increase"].includes(calledBy ?? "") &&
        // `increase()` of ours compares a counter with its own past.
        !besideUnless,
    );
    expect(bare.map(({ where }) => where)).toEqual([]);
  });

  test("buckets are added up by bound, and only in a quantile", () => {
    const buckets = selections.filter(({ metric }) => metric.endsWith("_bucket"));
    expect(buckets.length).toBeGreaterThan(0);
    for (const { where, groupings, calledBy } of buckets) {
      expect(groupings[0], where).toContain("le");
      expect(["rate", "increase"], where).toContain(calledBy);
    }
    for (const { where, raw } of queries) expect(raw, where).not.toMatch(/\bavg\b/);
  });

  test("no user, session, request or prompt is a label", () => {
    const labels = [
      ...selections.flatMap(({ matchers }) => [...matchers.keys()]),
      ...queries.flatMap(({ groupingLabels }) => groupingLabels),
    ];
    expect(
      labels.filter((label) => /user|session|request_id|prompt|trace|span/.test(label)),
    ).toEqual([]);
  });

  test("latency shows exemplars", () => {
    const withExemplars = measured.filter(({ targets }) =>
      targets?.some(({ exemplar }) => exemplar),
    );
    expect(withExemplars.map(({ title }) => title)).toEqual([
      "Latency p50, p95, p99",
      "Time to first token p50, p95",
      "Agent duration p50, p95",
      "Tool duration p50, p95",
    ]);
  });
});
