import { describe, expect, test } from "vitest";

import { customizeDashboard } from "./customize.ts";

const dashboard = {
  title: "LLM",
  uid: "llm-overview",
  panels: [
    {
      type: "row",
      title: "rlm_requests_total",
      panels: [
        {
          targets: [
            { expr: "histogram_quantile(0.9, sum by (le) (rate(rlm_latency_seconds_bucket[5m])))" },
          ],
        },
      ],
    },
    {
      targets: [
        { expr: 'rate(rlm_requests_total{model="rlm_requests_total"}[$__rate_interval])' },
        { expr: "rlm_requests_total_other + my_rlm_requests_total + rlm_requests_total_bucket" },
        { expr: "rlm_latency_seconds_sum / rlm_latency_seconds_count + gen_ai_client_token_usage" },
      ],
    },
  ],
  templating: {
    list: [
      {
        name: "job",
        query: "label_values(rlm_build_info, job)",
        definition: "label_values(rlm_build_info, job)",
      },
    ],
  },
};

/** Every `expr`, in order. */
function expressions(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) =>
    key === "expr" ? [String(child)] : expressions(child),
  );
}

describe("customizeDashboard", () => {
  test("renames whole metric names, with the suffixes of histograms", () => {
    expect(expressions(customizeDashboard(dashboard, { prefix: "acme_" }))).toEqual([
      "histogram_quantile(0.9, sum by (le) (rate(acme_latency_seconds_bucket[5m])))",
      'rate(acme_requests_total{model="rlm_requests_total"}[$__rate_interval])',
      "rlm_requests_total_other + my_rlm_requests_total + rlm_requests_total_bucket",
      "acme_latency_seconds_sum / acme_latency_seconds_count + gen_ai_client_token_usage",
    ]);
  });

  test("renames in variable queries, and nowhere outside of PromQL", () => {
    const customized = customizeDashboard(dashboard, { prefix: "acme_" });
    expect(customized).toMatchObject({
      title: "LLM",
      panels: [{ title: "rlm_requests_total" }, {}],
      templating: {
        list: [
          {
            query: "label_values(acme_build_info, job)",
            definition: "label_values(acme_build_info, job)",
          },
        ],
      },
    });
  });

  test("sets the title of the dashboard only", () => {
    const customized = customizeDashboard(dashboard, { title: "Ours" });
    expect(customized).toEqual({ ...dashboard, title: "Ours" });
  });

  test("returns a copy", () => {
    const customized = customizeDashboard(dashboard);
    expect(customized).toEqual(dashboard);
    expect(customized["panels"]).not.toBe(dashboard.panels);
  });

  test.each(["", "1x_", "a-b_", 'x"}'])("refuses the prefix %j", (prefix) => {
    expect(() => customizeDashboard(dashboard, { prefix })).toThrow(RangeError);
  });
});
