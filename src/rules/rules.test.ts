import { existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { parsePromql } from "../../test/support/promql.ts";
import { allPanels } from "../dashboards/dashboard-json.ts";
import { panelUrl } from "../dashboards/links.ts";
import { llmOverview } from "../dashboards/llm-overview.ts";
import { recorded, recordingGroup } from "./recording-rules.ts";
import { alerts } from "./render-rules.ts";

const ROOT = join(import.meta.dirname, "../..");
const rules = alerts({ panelUrl });
const dashboard = llmOverview();

function title({ alert, labels }: (typeof rules)[number]): string {
  return `${alert} ${labels.severity}`;
}

describe.each(rules.map((rule) => [title(rule), rule] as const))("%s", (_, rule) => {
  test("is named as the dashboard's annotation and the routes expect", () => {
    expect(rule.alert).toMatch(/^(Llm([A-Z][a-z]+)+|Watchdog)$/);
  });

  test("is described in full sentences", () => {
    const { summary, description } = rule.annotations;
    for (const text of [summary, description]) expect(text).toMatch(/^[A-Z{].+\.$/);
    expect(summary).not.toContain("{{");
  });

  test("has a runbook, and the runbook its name", () => {
    expect(rule.annotations.runbook_url).toMatch(/^docs\/runbooks\/[a-z-]+\.md$/);
    expect(existsSync(join(ROOT, rule.annotations.runbook_url))).toBe(true);
  });

  test("leads to a panel that exists", () => {
    const url = new URL(rule.annotations.dashboard_url);
    expect(url.pathname).toBe(`/d/${dashboard.uid}`);
    const ids = allPanels(dashboard).map(({ id }) => id);
    expect(ids).toContain(Number(url.searchParams.get("viewPanel")));
  });

  test("parses, and its labels carry no value", () => {
    expect(parsePromql(rule.expr).errors).toEqual([]);
    expect(Object.keys(rule.labels)).toEqual(["severity"]);
  });
});

test("no two rules are the same alert", () => {
  expect(new Set(rules.map(title)).size).toBe(rules.length);
});

test("links can be given other bases", () => {
  const [rule] = alerts({ panelUrl: (slug) => `https://g/${slug}`, runbookBase: "https://r" });
  expect(rule?.annotations).toMatchObject({
    runbook_url: "https://r/llm-error-ratio-high.md",
    dashboard_url: "https://g/error-ratio",
  });
});

describe("recording rules", () => {
  const { rules: recordings } = recordingGroup();

  test("are those that are announced", () => {
    const names = recordings.map((rule) => ("record" in rule ? rule.record : ""));
    expect(names).toEqual(Object.values(recorded));
  });

  test.each(recordings)(
    "$record: level:metric:operations, and the level is what is left",
    (rule) => {
      const [level = "", , operations] = ("record" in rule ? rule.record : "").split(":");
      expect(operations).toMatch(/rate5m$/);
      const { errors, groupingLabels } = parsePromql(rule.expr);
      expect(errors).toEqual([]);
      expect(new Set(groupingLabels.filter((label) => label !== "le"))).toEqual(
        new Set(level.split("_")),
      );
    },
  );
});
