import { describe, expect, test } from "vitest";

import { productMetrics } from "./index.ts";
import { histogramRate, increase, quantile, rate, ratio, select, sumBy } from "./promql.ts";

const { requests, latency, activeSessions } = productMetrics;

describe("select", () => {
  test("names a metric, and narrows it", () => {
    expect(select(activeSessions)).toBe("rlm_active_sessions");
    expect(select(requests, { job: '="a"', status: '=~"error|truncated"' })).toBe(
      'rlm_requests_total{job="a",status=~"error|truncated"}',
    );
  });

  test("knows the labels of each metric", () => {
    // @ts-expect-error this metric has no such label
    expect(select(activeSessions, { model: '="m"' })).toContain("model");
    // @ts-expect-error a matcher is an operator and a quoted value
    expect(select(requests, { model: "m" })).toContain("model");
  });
});

test("sumBy keeps labels, or none", () => {
  expect(sumBy([], "x")).toBe("sum(x)");
  expect(sumBy(["a", "b"], "x")).toBe("sum by (a, b) (x)");
});

test("rate is taken before the sum", () => {
  expect(rate(requests, { window: "5m", by: ["model"], where: { status: '="error"' } })).toBe(
    'sum by (model) (rate(rlm_requests_total{status="error"}[5m]))',
  );
});

test("quantile keeps the bucket bounds", () => {
  expect(quantile(0.95, latency, { window: "5m", by: ["model"] })).toBe(
    "histogram_quantile(0.95, sum by (model, le) (rate(rlm_latency_seconds_bucket[5m])))",
  );
});

test("histogramRate reads one part of a histogram", () => {
  expect(histogramRate("sum", latency, { window: "5m" })).toBe(
    "sum(rate(rlm_latency_seconds_sum[5m]))",
  );
});

test("increase falls back to the value of a series that is new in the window", () => {
  const born = "(rlm_requests_total unless rlm_requests_total offset 1h)";
  const grown = "increase(rlm_requests_total[1h])";
  expect(increase(requests, { window: "1h" })).toBe(
    `sum((${born} > ${grown}) or ${grown} or ${born})`,
  );
});

test("ratio is zero without a part, and nothing without a whole", () => {
  expect(ratio("part", "whole")).toBe("(part or 0 * whole) / (whole > 0)");
});
