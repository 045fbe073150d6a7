import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { stringify } from "yaml";

import { binaryPath } from "./binaries.ts";
import { startServer, type ServerProcess } from "./server-process.ts";

export interface PrometheusOptions {
  /** The page to scrape, e.g. `http://127.0.0.1:9464/metrics`. */
  readonly scrapeUrl: string;
  readonly scrapeIntervalSeconds: number;
  /** Absolute paths. Rules are evaluated as often as the page is scraped. */
  readonly ruleFiles?: readonly string[];
  /** Base URL of an Alertmanager to send alerts to. */
  readonly alertmanagerUrl?: string;
  /** The label `job` of the target; default `app`. */
  readonly job?: string;
}

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export interface Series {
  readonly labels: Labels;
  readonly values: readonly { readonly seconds: number; readonly value: number }[];
}

export interface Exemplar {
  readonly seriesLabels: Labels;
  /** `trace_id` and `span_id`. */
  readonly labels: Labels;
  readonly value: number;
}

/** Seconds since 1970. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

export interface Prometheus extends ServerProcess {
  /** Values at one moment, default now. Rejects with Prometheus's own message on a wrong expression. */
  query(expression: string, atSeconds?: number): Promise<Sample[]>;
  queryRange(expression: string, range: TimeRange & { readonly step: number }): Promise<Series[]>;
  queryExemplars(expression: string, range: TimeRange): Promise<Exemplar[]>;
}

/** Starts a real Prometheus that scrapes one page. Needs the binary: see `describeWith`. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const server = await startServer({
    binary: binaryPath("prometheus"),
    readyPath: "/-/ready",
    prepare: async (folder, address) => {
      const config = join(folder, "prometheus.yml");
      await writeFile(config, stringify(configuration(options)));
      return [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=${address}`,
        "--enable-feature=exemplar-storage",
        // An alert of the first seconds finds no Alertmanager yet; by default it would wait a minute.
        "--rules.alert.resend-delay=1s",
        "--log.level=warn",
      ];
    },
  });
  const api = `${server.url}/api/v1`;
  return {
    ...server,
    query: async (query, time) => {
      const data = await ask<VectorData>(`${api}/query`, { query, time });
      return data.result.map(({ metric, value }) => ({
        labels: metric,
        value: toNumber(value[1]),
      }));
    },
    queryRange: async (query, range) => {
      const data = await ask<MatrixData>(`${api}/query_range`, { query, ...range });
      return data.result.map(({ metric, values }) => ({
        labels: metric,
        values: values.map(([seconds, value]) => ({ seconds, value: toNumber(value) })),
      }));
    },
    queryExemplars: async (query, range) => {
      const data = await ask<ExemplarData>(`${api}/query_exemplars`, { query, ...range });
      return data.flatMap(({ seriesLabels, exemplars }) =>
        exemplars.map(({ labels, value }) => ({ seriesLabels, labels, value: toNumber(value) })),
      );
    },
  };
}

/** Starts a real Alertmanager with a configuration file, by its absolute path. */
export function startAlertmanager(configFile: string): Promise<ServerProcess> {
  return startServer({
    binary: binaryPath("alertmanager"),
    readyPath: "/-/ready",
    prepare: (folder, address) =>
      Promise.resolve([
        `--config.file=${configFile}`,
        `--storage.path=${folder}`,
        `--web.listen-address=${address}`,
        "--cluster.listen-address=",
        "--log.level=warn",
      ]),
  });
}

function configuration(options: PrometheusOptions) {
  const page = new URL(options.scrapeUrl);
  const interval = `${options.scrapeIntervalSeconds}s`;
  const alertmanager = options.alertmanagerUrl;
  return {
    global: {
      scrape_interval: interval,
      scrape_timeout: interval,
      evaluation_interval: interval,
    },
    rule_files: options.ruleFiles ?? [],
    ...(alertmanager === undefined
      ? {}
      : {
          alerting: {
            alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager).host] }] }],
          },
        }),
    scrape_configs: [
      {
        job_name: options.job ?? "app",
        metrics_path: page.pathname,
        static_configs: [{ targets: [page.host] }],
      },
    ],
  };
}

// Prometheus's answers (https://prometheus.io/docs/prometheus/latest/querying/api/), as far as they are read here.
interface VectorData {
  readonly result: readonly { readonly metric: Labels; readonly value: [number, string] }[];
}

interface MatrixData {
  readonly result: readonly { readonly metric: Labels; readonly values: [number, string][] }[];
}

type ExemplarData = readonly {
  readonly seriesLabels: Labels;
  readonly exemplars: readonly { readonly labels: Labels; readonly value: string }[];
}[];

/** Prometheus spells the infinities in its own way. */
function toNumber(text: string): number {
  return Number(text.replace("Inf", "Infinity"));
}

async function ask<Data>(
  url: string,
  parameters: Readonly<Record<string, string | number | undefined>>,
): Promise<Data> {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) body.set(name, String(value));
  }
  const response = await fetch(url, { method: "POST", body });
  // The shape is Prometheus's published contract; an error has no data and is thrown below.
  const answer = (await response.json()) as { data?: Data; error?: string };
  if (answer.data === undefined) {
    throw new Error(`${String(parameters["query"])}: ${answer.error ?? response.statusText}`);
  }
  return answer.data;
}
