import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { productMetrics } from "../../src/semconv/index.ts";
import { increase, ratio } from "../../src/semconv/promql.ts";
import { poll } from "../support/poll.ts";
import { describeWith } from "./binaries.ts";
import { startAlertmanager, startPrometheus, type Prometheus } from "./prometheus.ts";
import type { ServerProcess } from "./server-process.ts";

const ROOT = join(import.meta.dirname, "../..");

/** A page that counts its scrapes. A second model appears, with a first value of 42, once there were two. */
function page(scrapes: number): string {
  const success = `rlm_requests_total{model="a",status="success"} ${scrapes * 10}`;
  const late = scrapes > 2 ? ['rlm_requests_total{model="b",status="success"} 42'] : [];
  return [
    "# TYPE rlm_requests counter",
    success,
    ...late,
    "# TYPE rlm_latency_seconds histogram",
    `rlm_latency_seconds_bucket{model="a",le="1.0"} ${scrapes} # {trace_id="abc",span_id="def"} 0.7`,
    `rlm_latency_seconds_bucket{model="a",le="+Inf"} ${scrapes}`,
    `rlm_latency_seconds_count{model="a"} ${scrapes}`,
    `rlm_latency_seconds_sum{model="a"} ${scrapes * 0.7}`,
    "# TYPE rlm_build_info gauge",
    'rlm_build_info{version="1"} 1',
    "# EOF\n",
  ].join("\n");
}

describeWith(["prometheus", "alertmanager"], "a real Prometheus and Alertmanager", () => {
  let scrapes = 0;
  let target: Server;
  let prometheus: Prometheus;
  let alertmanager: ServerProcess;

  beforeAll(async () => {
    target = createServer((_, response) => {
      scrapes += 1;
      response.setHeader("content-type", "application/openmetrics-text; version=1.0.0");
      response.end(page(scrapes));
    });
    await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
    const { port } = target.address() as AddressInfo;
    alertmanager = await startAlertmanager(join(ROOT, "alertmanager/alertmanager.yml"));
    prometheus = await startPrometheus({
      scrapeUrl: `http://127.0.0.1:${port}/metrics`,
      scrapeIntervalSeconds: 1,
      ruleFiles: ["recording", "alerts"].map((name) => join(ROOT, `prometheus/rules/${name}.yml`)),
      alertmanagerUrl: alertmanager.url,
    });
    await poll("seven scrapes", () => scrapes > 6, 20_000);
  });

  afterAll(async () => {
    await prometheus?.stop();
    await alertmanager?.stop();
    target?.close();
  });

  test("query answers with labels and values", async () => {
    const samples = await prometheus.query("up");
    expect(samples).toMatchObject([{ labels: { job: "app" }, value: 1 }]);
    expect(await prometheus.query("vector(1) / 0")).toMatchObject([{ value: Infinity }]);
  });

  test("queryRange answers with a value for each step", async () => {
    const end = Date.now() / 1000;
    const [series] = await prometheus.queryRange("up", { start: end - 3, end, step: 1 });
    expect(series?.values.length).toBeGreaterThanOrEqual(2);
  });

  test("queryExemplars leads to traces", async () => {
    const end = Date.now() / 1000;
    const exemplars = await prometheus.queryExemplars("rlm_latency_seconds_bucket", {
      start: end - 60,
      end,
    });
    expect(exemplars[0]).toMatchObject({
      labels: { trace_id: "abc", span_id: "def" },
      value: 0.7,
    });
  });

  test("a wrong expression is refused with Prometheus's own words", async () => {
    await expect(prometheus.query("rate(foo)")).rejects.toThrow(/expected type range vector/);
  });

  test("increase() counts the first value of a new series, PromQL's own does not", async () => {
    const own = await prometheus.query('increase(rlm_requests_total{model="b"}[1m])');
    expect(own.map(({ value }) => value)).toEqual([0]);
    const ours = increase(productMetrics.requests, {
      window: "1m",
      by: ["model"],
      where: { model: '="b"' },
    });
    expect(await prometheus.query(ours)).toEqual([{ labels: { model: "b" }, value: 42 }]);
  });

  test("ratio() is zero when nothing failed", async () => {
    const whole = "sum(rate(rlm_requests_total[10s]))";
    const part = 'sum(rate(rlm_requests_total{status="error"}[10s]))';
    expect(await prometheus.query(ratio(part, whole))).toEqual([{ labels: {}, value: 0 }]);
  });

  test("the heartbeat reaches Alertmanager", async () => {
    const names = async () => {
      const response = await fetch(`${alertmanager.url}/api/v2/alerts`);
      const alerts = (await response.json()) as { labels: { alertname: string } }[];
      return alerts.map(({ labels }) => labels.alertname);
    };
    const delivered = async () => (await names()).includes("Watchdog");
    expect(await poll("the heartbeat", delivered, 20_000)).toBe(true);
  });
});
