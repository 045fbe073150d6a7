import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";
import { stringify } from "yaml";

import type { DashboardJson } from "../../src/dashboards/dashboard-json.ts";
import { filesIn, readCompose, readText, readYaml, ROOT } from "../support/stack-files.ts";
import { binaryPath, describeWith, type Binary } from "./binaries.ts";
import { panelExpressions } from "./panel-expressions.ts";

function run(binary: Binary, ...args: readonly string[]): string {
  return execFileSync(binaryPath(binary), args, { cwd: ROOT, encoding: "utf8", stdio: "pipe" });
}

const services = Object.entries(readCompose().services);

describeWith(["promtool"], "promtool accepts", () => {
  test("the configuration, with the rules and targets that it names", () => {
    const output = run("promtool", "check", "config", "prometheus/prometheus.yml");
    expect(output).toContain("2 rule files found");
  });

  test("the rules, linted", () => {
    const files = filesIn("prometheus/rules");
    const output = run("promtool", "check", "rules", "--lint=all", "--lint-fatal", ...files);
    expect(output).toContain("SUCCESS");
  });

  test("the rule tests", () => {
    const output = run("promtool", "test", "rules", ...filesIn("prometheus/tests"));
    expect(output).toContain("SUCCESS");
  });

  test.each(filesIn("grafana/dashboards"))("every expression of %s, types included", (file) => {
    const dashboard = JSON.parse(readText(file)) as DashboardJson;
    const rules = panelExpressions(dashboard, { rateInterval: "1m" }).map(
      ({ panelId, refId, expr }) => ({ record: `panel:${panelId}:${refId}`, expr }),
    );
    expect(rules.length).toBeGreaterThan(0);
    checkRules(rules);
  });

  test("nothing but PromQL: a rate of nothing measured over time is refused", () => {
    expect(() => checkRules([{ record: "wrong", expr: "rate(foo)" }])).toThrow(/rate/);
  });

  function checkRules(rules: readonly { record: string; expr: string }[]): void {
    const folder = mkdtempSync(join(tmpdir(), "rlm-panels-"));
    try {
      const file = join(folder, "panels.yml");
      writeFileSync(file, stringify({ groups: [{ name: "panels", rules }] }));
      run("promtool", "check", "rules", file);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});

test("every alert has a rule test that fires, and all but the heartbeat one that is silent", () => {
  interface RuleTests {
    readonly tests: readonly {
      readonly alert_rule_test?: readonly {
        readonly alertname: string;
        readonly exp_alerts: readonly unknown[];
      }[];
    }[];
  }
  const cases = filesIn("prometheus/tests")
    .flatMap((file) => (readYaml(file) as RuleTests).tests)
    .flatMap(({ alert_rule_test: alerts = [] }) => alerts);
  const firing = new Set(cases.flatMap((one) => (one.exp_alerts.length ? [one.alertname] : [])));
  const silent = new Set(cases.flatMap((one) => (one.exp_alerts.length ? [] : [one.alertname])));
  const names = new Set(
    [...readText("prometheus/rules/alerts.yml").matchAll(/alert: (\w+)/g)].map(([, name]) => name),
  );
  expect(firing).toEqual(names);
  names.delete("Watchdog");
  expect(silent).toEqual(names);
});

describeWith(["amtool"], "Alertmanager", () => {
  const config = "alertmanager/alertmanager.yml";

  test("accepts its configuration", () => {
    expect(run("amtool", "check-config", config)).toContain("SUCCESS");
  });

  test.each([
    ["alertname=LlmErrorRatioHigh severity=critical", "page"],
    ["alertname=LlmErrorRatioHigh severity=warning", "team"],
    ["alertname=LlmUnpricedTokens severity=info", "log"],
    ["alertname=Watchdog severity=none", "heartbeat"],
  ])("routes %s to %s", (labels, receiver) => {
    const args = ["config", "routes", "test", `--config.file=${config}`, ...labels.split(" ")];
    expect(run("amtool", ...args).trim()).toBe(receiver);
  });
});

describeWith(["docker-compose"], "docker-compose resolves", () => {
  const core = ["alertmanager", "demo", "grafana", "prometheus", "tempo"];

  function servicesOf(...args: readonly string[]): string[] {
    return run("docker-compose", ...args, "config", "--services")
      .trim()
      .split("\n")
      .toSorted();
  }

  test("the stack without a flag", () => {
    run("docker-compose", "config", "--quiet");
    const started = services.filter(([, { profiles = [] }]) => profiles.length === 0);
    expect(started.map(([name]) => name).toSorted()).toEqual(core);
  });

  test("the profile langfuse", () => {
    run("docker-compose", "--profile", "langfuse", "config", "--quiet");
    expect(servicesOf("--profile", "langfuse")).toEqual(
      [
        ...core,
        "demo-langfuse",
        "langfuse-clickhouse",
        "langfuse-minio",
        "langfuse-postgres",
        "langfuse-redis",
        "langfuse-web",
        "langfuse-worker",
      ].toSorted(),
    );
  });
});
