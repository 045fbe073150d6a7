import { readdir, readFile, rename } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type InstalledPackage, installPackage } from "./installed-package.ts";

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await installPackage();
});

afterAll(async () => {
  await installed?.remove();
});

describe("the tarball", () => {
  const expected = [
    /^(LICENSE|README\.md|CHANGELOG\.md|package\.json)$/,
    /^dist\/.+(?<!\.test)\.(js|d\.ts)$/,
    /^docs\/runbooks\/[\w-]+\.md$/i,
    /^grafana\/dashboards\/[\w-]+\.json$/,
    /^grafana\/provisioning\/(dashboards|datasources)\/[\w-]+\.yaml$/,
    /^schemas\/events\/v1\/\w+\.json$/,
    /^prometheus\/(prometheus|rules\/[\w-]+|targets\/[\w-]+)\.yml$/,
  ];

  test("holds nothing but the program, what it generates, and what a reader needs", () => {
    const unexpected = installed.files.filter((path) => !expected.some((form) => form.test(path)));
    expect(unexpected).toEqual([]);
  });

  test.each([
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "dist/index.js",
    "dist/index.d.ts",
    "dist/testing/index.js",
    "dist/testing/index.d.ts",
    "dist/cli/main.js",
    "docs/runbooks/llm-error-ratio-high.md",
    "grafana/dashboards/llm-overview.json",
    "grafana/provisioning/datasources/datasources.yaml",
    "prometheus/prometheus.yml",
    "prometheus/rules/alerts.yml",
    "prometheus/rules/recording.yml",
    "schemas/events/v1/event.json",
    "schemas/events/v1/llm_request_completed.json",
  ])("holds %s", (path) => {
    expect(installed.files).toContain(path);
  });
});

describe("an application of two lines", () => {
  const result = {
    answer: "Hello!",
    metrics: [
      'rlm_requests_total{provider="openai",model="gpt-4o-mini",status="success",operation="chat"} 1',
      // 14 tokens at $0.15 and 4 at $0.60 for a million
      'rlm_cost_usd_total{provider="openai",model="gpt-4o-mini"} 0.0000045',
    ],
    title: "Mine",
    lost: {},
  };

  test.each([
    ["ES module", "app.js"],
    ["CommonJS", "app.cjs"],
  ])("runs as %s", async (_kind, name) => {
    const { code, stdout, stderr } = await installed.runApp(name);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual(result);
  });

  test("type-checks strictly, declarations of the libraries included", async () => {
    const { code, stdout } = await installed.typeCheck();
    expect(stdout).toBe("");
    expect(code).toBe(0);
  });
});

describe("rlm-obs", () => {
  test("--help teaches the commands", async () => {
    const { code, stdout, stderr } = await installed.runCommand("--help");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Usage: rlm-obs <command>/);
  });

  test("--version is that of the package", async () => {
    const manifest = join(installed.folder, "node_modules/@rlm-toolkit/observability/package.json");
    const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
    const { code, stdout } = await installed.runCommand("--version");
    expect([code, stdout]).toEqual([0, `${version}\n`]);
  });

  test("events schema prints the file that applications can import", async () => {
    const { code, stdout } = await installed.runCommand("events", "schema", "hitl_timeout");
    const path = "@rlm-toolkit/observability/schemas/events/v1/hitl_timeout.json";
    const imported: unknown = createRequire(join(installed.folder, "app.js"))(path);
    expect([code, JSON.parse(stdout)]).toEqual([0, imported]);
  });

  test("demo runs", async () => {
    const { code, stdout, stderr } = await installed.runCommand("demo", "--duration", "500ms");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/lost +nothing\n$/);
  });

  test.each(["generate", "generate --check"])(
    "%s without the Grafana SDK says in one line what to install, and writes nothing",
    async (command) => {
      const { code, stdout, stderr } = await installed.runCommand(...command.split(" "));
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(
        /^rlm-obs: .+npm install --save-dev @grafana\/grafana-foundation-sdk@\S+\n$/,
      );
      const written = await readdir(installed.folder);
      expect(written).not.toContain("grafana");
      expect(written).not.toContain("docs");
    },
  );
});

describe("without openai, which is optional", () => {
  let modules: string;

  beforeAll(async () => {
    modules = join(installed.folder, "node_modules");
    await rename(join(modules, "openai"), join(modules, ".openai"));
    return () => rename(join(modules, ".openai"), join(modules, "openai"));
  });

  test("the package loads", async () => {
    const { code, stderr } = await installed.runApp("import-only.js");
    expect(code, stderr).toBe(0);
  });

  test("the demo says in one line what to install", async () => {
    const { code, stdout, stderr } = await installed.runCommand("demo");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^rlm-obs: .+npm install openai.+\n$/);
  });
});
