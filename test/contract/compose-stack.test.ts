import { existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { readCompose, readText, readYaml, ROOT } from "../support/stack-files.ts";

interface PrometheusConfig {
  readonly global: { readonly scrape_interval: string };
  readonly alerting: { readonly alertmanagers: readonly ScrapeConfig[] };
  readonly scrape_configs: readonly ScrapeConfig[];
}

interface ScrapeConfig {
  readonly job_name: string;
  readonly static_configs: readonly { readonly targets: readonly string[] }[];
}

const compose = readCompose();
const services = Object.entries(compose.services);
const prometheus = readYaml("prometheus/prometheus.yml") as PrometheusConfig;

function targetsOf(configs: readonly ScrapeConfig[]): string[] {
  return configs.flatMap(({ static_configs: groups }) => groups.flatMap(({ targets }) => targets));
}

describe("docker-compose.yml", () => {
  test("keeps to what docker-compose 1.29 reads as well", () => {
    const text = readText("docker-compose.yml");
    expect(compose).not.toHaveProperty("name");
    expect(compose).not.toHaveProperty("secrets");
    expect(text).not.toMatch(/start_interval|required:/);
  });

  test("publishes on loopback only", () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/);
    const published = ports.map((port) => /:-(\d+)/.exec(port)?.[1]);
    expect(new Set(published).size).toBe(ports.length);
  });

  test("mounts what exists, configuration read-only", () => {
    const mounts = services.flatMap(([, service]) => service.volumes ?? []);
    const binds = mounts.filter((mount) => mount.startsWith("./"));
    expect(binds.length).toBeGreaterThan(0);
    for (const bind of binds) {
      const [source = "", , mode] = bind.split(":");
      expect(existsSync(join(ROOT, source)), source).toBe(true);
      expect(mode, bind).toBe("ro");
    }
  });

  test("every service tells whether it is healthy; those we build, by their Dockerfile", () => {
    const mute = services.filter(([, { healthcheck, build }]) => !healthcheck && !build);
    expect(mute.map(([name]) => name)).toEqual([]);
  });

  test("the core waits for nothing that could block it", () => {
    for (const [name, { profiles, depends_on: dependencies = {} }] of services) {
      if (profiles) continue;
      const conditions = Object.values(dependencies).map(({ condition }) => condition);
      expect(new Set(conditions), name).not.toContain("service_healthy");
    }
  });

  test("the second demo has the keys that Langfuse is set up with, and waits for it", () => {
    const demo = compose.services["demo-langfuse"];
    const web = compose.services["langfuse-web"];
    expect(demo?.environment).toMatchObject({
      LANGFUSE_PUBLIC_KEY: web?.environment?.["LANGFUSE_INIT_PROJECT_PUBLIC_KEY"],
      LANGFUSE_SECRET_KEY: web?.environment?.["LANGFUSE_INIT_PROJECT_SECRET_KEY"],
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://tempo:4318",
    });
    expect(demo?.depends_on).toMatchObject({ "langfuse-web": { condition: "service_healthy" } });
    expect(demo?.command).toEqual(compose.services["demo"]?.command);
  });

  test("Langfuse's encryption key is 64 hexadecimal digits", () => {
    const key = compose.services["langfuse-web"]?.environment?.["ENCRYPTION_KEY"];
    expect(key).toMatch(/:-[0-9a-f]{64}\}$/);
  });

  test("images have a version, and every variable is in .env.example", () => {
    const pulled = services.filter(([, { build }]) => build === undefined);
    for (const [name, { image }] of pulled) {
      expect(image, name).toMatch(/:\$\{[A-Z_]+_VERSION:-[\w.]+\}$/);
    }
    const variables = [...readText("docker-compose.yml").matchAll(/\$\{([A-Z_]+):-/g)];
    for (const [, name] of variables)
      expect(readText(".env.example")).toMatch(new RegExp(`#${name}=`));
  });
});

describe("prometheus.yml", () => {
  test("scrapes services of the stack, and the host", () => {
    const configs = [...prometheus.scrape_configs, ...prometheus.alerting.alertmanagers];
    const hosts = targetsOf(configs).map((target) => target.split(":")[0]);
    const known = [...services.map(([name]) => name), "localhost", "host.docker.internal"];
    for (const host of hosts) expect(known).toContain(host);
    expect(hosts).toEqual(
      expect.arrayContaining(["demo", "demo-langfuse", "host.docker.internal"]),
    );
    expect(compose.services["prometheus"]?.extra_hosts).toEqual([
      "host.docker.internal:host-gateway",
    ]);
  });

  test("has room for exemplars", () => {
    expect(compose.services["prometheus"]?.command).toContain("--enable-feature=exemplar-storage");
  });
});

describe("Grafana's provisioning", () => {
  interface DataSources {
    readonly datasources: readonly {
      readonly uid: string;
      readonly url: string;
      readonly jsonData: {
        readonly timeInterval?: string;
        readonly exemplarTraceIdDestinations?: readonly { readonly datasourceUid: string }[];
      };
    }[];
  }
  interface Providers {
    readonly providers: readonly {
      readonly allowUiUpdates: boolean;
      readonly updateIntervalSeconds: number;
      readonly options: { readonly path: string };
    }[];
  }
  const { datasources } = readYaml(
    "grafana/provisioning/datasources/datasources.yaml",
  ) as DataSources;
  const { providers } = readYaml("grafana/provisioning/dashboards/dashboards.yaml") as Providers;
  const grafana = compose.services["grafana"];

  test("data sources are services of the stack", () => {
    expect(datasources.map(({ uid }) => uid)).toEqual(["prometheus", "tempo", "alertmanager"]);
    for (const { url } of datasources)
      expect(compose.services).toHaveProperty(new URL(url).hostname);
  });

  test("exemplars lead to a data source that exists", () => {
    const [source] = datasources;
    const destinations = source?.jsonData.exemplarTraceIdDestinations ?? [];
    expect(destinations.map(({ datasourceUid }) => datasourceUid)).toEqual(["tempo"]);
  });

  test("$__rate_interval is made from the scrape interval", () => {
    expect(datasources[0]?.jsonData.timeInterval).toBe(prometheus.global.scrape_interval);
  });

  test("dashboards are read from where they are mounted, and can't be edited there", () => {
    const [provider] = providers;
    expect(provider?.allowUiUpdates).toBe(false);
    expect(provider?.updateIntervalSeconds).toBeGreaterThan(10);
    const folder = provider?.options.path ?? "";
    expect(grafana?.volumes).toContain(`./grafana/dashboards:${folder}:ro`);
    const home = grafana?.environment?.["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] ?? "";
    expect(existsSync(join(ROOT, home.replace(folder, "grafana/dashboards")))).toBe(true);
  });

  test("whoever reaches it may look and nothing else", () => {
    expect(grafana?.environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: "true",
      GF_AUTH_ANONYMOUS_ORG_ROLE: "Viewer",
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: "true",
      GF_PLUGINS_PREINSTALL_DISABLED: "true",
      GF_PLUGINS_PREINSTALL_AUTO_UPDATE: "false",
    });
  });
});

describe("Dockerfile", () => {
  const dockerfile = readText("Dockerfile");

  test("copies what exists, and what .dockerignore lets through", () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, sources = ""]) => sources.split(" "),
    );
    expect(copied.length).toBeGreaterThan(0);
    const allowed = readText(".dockerignore").split("\n");
    for (const source of copied) {
      expect(existsSync(join(ROOT, source)), source).toBe(true);
      expect(allowed).toContain(`!${source.replace("./", "")}`);
    }
  });

  test("runs without root, without development packages, and checks its health", () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toContain("npm ci --omit=dev");
    expect(dockerfile).toMatch(/^HEALTHCHECK/m);
    expect(dockerfile).not.toMatch(/\bcurl\b/);
  });

  test("starts what the compose file starts", () => {
    const command = /^CMD (\[.+\])$/m.exec(dockerfile)?.[1] ?? "[]";
    expect(JSON.parse(command)).toEqual(compose.services["demo"]?.command);
  });
});
