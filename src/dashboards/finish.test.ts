import { DashboardBuilder, DashboardLinkBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { describe, expect, test } from "vitest";

import { finish } from "./finish.ts";
import { panelId } from "./panel-id.ts";
import { statPanel } from "./panels/stat.ts";
import { timeSeries } from "./panels/time-series.ts";
import { addSection } from "./section.ts";

function stat(slug: string, span: number) {
  return statPanel({ slug, title: slug, description: "D.", unit: "short", span, expr: "up" });
}

function dashboard() {
  return new DashboardBuilder("T").uid("t");
}

describe("finish", () => {
  test("wraps lines that are full, and leaves closed rows flat", () => {
    const builder = dashboard()
      .withPanel(stat("a", 10))
      .withPanel(stat("b", 10))
      .withPanel(stat("c", 10));
    addSection(builder, { slug: "r", title: "R", collapsed: true, panels: [stat("d", 24)] });
    addSection(builder, { slug: "s", title: "S", panels: [stat("e", 24)] });
    const { panels } = finish(builder.build());
    expect(panels.map(({ title, gridPos: { x, y } }) => [title, x, y])).toEqual([
      ["a", 0, 0],
      ["b", 10, 0],
      ["c", 0, 4],
      ["R", 0, 8],
      ["S", 0, 9],
      ["e", 0, 10],
    ]);
    expect(panels[3]?.panels?.map(({ gridPos }) => gridPos)).toEqual([{ x: 0, y: 9, w: 24, h: 4 }]);
  });

  test("names the queries of a panel", () => {
    const queries = [
      { expr: "a", legend: "a" },
      { expr: "b", legend: "b" },
    ];
    const panel = timeSeries({
      slug: "p",
      title: "P",
      description: "D.",
      unit: "short",
      span: 12,
      queries,
    });
    const { panels } = finish(dashboard().withPanel(panel).build());
    expect(panels[0]?.targets?.map(({ refId, expr }) => [refId, expr])).toEqual([
      ["A", "a"],
      ["B", "b"],
    ]);
  });

  test("removes the placement that would hide links in a menu", () => {
    const builder = dashboard().withPanel(stat("a", 4)).link(new DashboardLinkBuilder("L"));
    expect(JSON.stringify(builder.build())).toContain("inControlsMenu");
    expect(JSON.stringify(finish(builder.build()))).not.toContain("inControlsMenu");
  });

  test("refuses two panels with one id, and panels without", () => {
    const twice = dashboard().withPanel(stat("a", 4)).withPanel(stat("a", 4));
    expect(() => finish(twice.build())).toThrow(/"a" and "a" have one id/);
    const none = dashboard().withPanel(stat("a", 4).id(0));
    expect(() => finish(none.build())).toThrow(/no id/);
  });
});

test("the id of a panel depends on its slug alone", () => {
  expect(panelId("latency")).toBe(569434);
  expect(panelId("latency")).not.toBe(panelId("latency-"));
});
