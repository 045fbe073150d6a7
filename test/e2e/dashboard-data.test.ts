import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DashboardJson } from "../../src/dashboards/dashboard-json.ts";
import { genAiMainSeries } from "../../src/semconv/gen-ai-series.ts";
import { poll } from "../support/poll.ts";
import { describeWith } from "./binaries.ts";
import { type DemoProcess, startDemo } from "./demo-process.ts";
import { panelExpressions } from "./panel-expressions.ts";
import { type Prometheus, startPrometheus } from "./prometheus.ts";

const ROOT = new URL("../../", import.meta.url);
const dashboard = JSON.parse(
  readFileSync(new URL("grafana/dashboards/llm-overview.json", ROOT), "utf8"),
) as DashboardJson;
const ruleFiles = ["recording.yml", "alerts.yml"].map((name) =>
  fileURLToPath(new URL(`prometheus/rules/${name}`, ROOT)),
);
const allExpressions = panelExpressions(dashboard, {
  rateInterval: "5s",
  range: "30s",
  interval: "1s",
});

interface RulesAnswer {
  readonly data: { readonly groups: { readonly rules: { readonly health: string }[] }[] };
}

/** An application has the metrics of one version of the conventions; panels ask for both. */
const ofNewerConventions = ({ expr }: { readonly expr: string }) =>
  Object.values(genAiMainSeries).some(({ name }) => expr.includes(name));
const expressions = allExpressions.filter((expression) => !ofNewerConventions(expression));

/** Long enough for every kind of call that the demo makes, at this rate and seed. */
const WATCHED_SECONDS = 30;

describeWith(["prometheus"], "the dashboard over a running demo", () => {
  let demo: DemoProcess;
  let prometheus: Prometheus;
  let range: { start: number; end: number };

  beforeAll(async () => {
    demo = await startDemo(["--rate", "25", "--quiet"]);
    prometheus = await startPrometheus({
      scrapeUrl: demo.metricsUrl,
      scrapeIntervalSeconds: 1,
      ruleFiles,
    });
    const start = Date.now() / 1000;
    await new Promise((resolve) => setTimeout(resolve, WATCHED_SECONDS * 1000));
    range = { start, end: Date.now() / 1000 };
  }, 120_000);

  afterAll(async () => {
    await prometheus?.stop();
    await demo?.end("SIGTERM");
  });

  test.each(expressions)("$panel $refId shows data", async ({ expr, instant }) => {
    const samples = instant
      ? await prometheus.query(expr, range.end)
      : (await prometheus.queryRange(expr, { ...range, step: 1 })).flatMap(({ values }) => values);
    // a quantile of nothing and 0 / 0 are NaN: an answer, but nothing to see
    expect(samples.filter(({ value }) => Number.isFinite(value))).not.toEqual([]);
  });

  test("exemplars lead from a latency bucket to a trace", async () => {
    const exemplars = await prometheus.queryExemplars("rlm_latency_seconds_bucket", range);
    expect(exemplars.length).toBeGreaterThan(0);
    for (const { labels } of exemplars) {
      expect(labels["trace_id"]).toMatch(/^[0-9a-f]{32}$/);
      expect(labels["span_id"]).toMatch(/^[0-9a-f]{16}$/);
    }
  });

  test("the rules are evaluated without a failure, and the watchdog fires", async () => {
    const rules = await fetch(`${prometheus.url}/api/v1/rules`);
    const { data } = (await rules.json()) as RulesAnswer;
    const unhealthy = data.groups.flatMap((group) => group.rules.filter((r) => r.health !== "ok"));
    expect(unhealthy).toEqual([]);
    const alerts = await prometheus.query('ALERTS{alertname="Watchdog",alertstate="firing"}');
    expect(alerts).toHaveLength(1);
  });
});

describeWith(["prometheus"], "the dashboard over a demo of the newer conventions", () => {
  let demo: DemoProcess;
  let prometheus: Prometheus;

  beforeAll(async () => {
    demo = await startDemo(["--rate", "25", "--quiet"], { RLM_SEMCONV: "genai-main" });
    prometheus = await startPrometheus({ scrapeUrl: demo.metricsUrl, scrapeIntervalSeconds: 1 });
  }, 120_000);

  afterAll(async () => {
    await prometheus?.stop();
    await demo?.end("SIGTERM");
  });

  test.each(allExpressions.filter(ofNewerConventions))(
    "$panel $refId shows data",
    async ({ panel, refId, expr }) => {
      const hasData = async () => {
        const samples = await prometheus.query(expr, Date.now() / 1000);
        return samples.some(({ value }) => Number.isFinite(value));
      };
      expect(await poll(`${panel} ${refId}`, hasData, 30_000)).toBe(true);
    },
  );
});
