import { ValueType } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { completed, fullAnswer } from "../../test/support/llm-events.ts";
import { createDiagnostics, type Diagnostics } from "../diagnostics/index.ts";
import { createExposition } from "../sinks/metrics/exposition.ts";
import { createMetricsSink, type MetricsSink } from "../sinks/metrics/index.ts";
import { createMetricsPage, OPEN_METRICS_CONTENT_TYPE, TEXT_CONTENT_TYPE } from "./metrics-page.ts";
import { toOpenMetrics } from "./open-metrics.ts";

const OPEN_METRICS = "application/openmetrics-text";

let otel: PrometheusExporter;
let provider: MeterProvider;
let sink: MetricsSink;
let diagnostics: Diagnostics;
let problems: string[];

beforeEach(() => {
  otel = new PrometheusExporter({ preventServerStart: true });
  provider = new MeterProvider({ readers: [otel] });
  sink = createMetricsSink();
  problems = [];
  diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
});

function createPage(withOtel = true) {
  const sources = Object.values(sink.families);
  const product = createExposition({ sources, process: false });
  return createMetricsPage({
    product,
    otel: async () => (withOtel ? serialized() : ""),
    diagnostics,
  });
}

async function serialized(): Promise<string> {
  const { resourceMetrics } = await otel.collect();
  return new PrometheusSerializer(undefined, false, undefined, false, true).serialize(
    resourceMetrics,
  );
}

function recordSomething(): void {
  const meter = provider.getMeter("test");
  meter
    .createHistogram("gen_ai.client.operation.duration", { unit: "s" })
    .record(0.7, { a: 'q"\\\n' });
  meter.createCounter("jobs.done", { description: "Jobs" }).add(2);
  meter.createUpDownCounter("queue_total", { valueType: ValueType.INT }).add(-1);
  sink.handle({ ...completed(fullAnswer), traceId: "a".repeat(32), spanId: "b".repeat(16) });
}

/** Every family: its type, and the names of its samples. Throws on what OpenMetrics 1.0 does not allow. */
function parseOpenMetrics(page: string): Map<string, { type: string; samples: Set<string> }> {
  expect(page.endsWith("\n# EOF\n")).toBe(true);
  const families = new Map<string, { type: string; samples: Set<string> }>();
  let current: { name: string; type: string; samples: Set<string> } | undefined;
  for (const line of page.slice(0, -"# EOF\n".length).split("\n").slice(0, -1)) {
    const [, keyword, family = "", rest = ""] = /^# (TYPE|HELP) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === "TYPE") {
      if (families.has(family)) throw new Error(`${family} twice`);
      current = { name: family, type: rest, samples: new Set() };
      families.set(family, current);
    }
    if (keyword !== undefined) continue;
    const sample = /^([a-zA-Z_:][\w:]*)(\{.*\})? -?[\d.e+-]+( # \{.*\} [\d.]+ [\d.]+)?$/.exec(
      line,
    )?.[1];
    if (sample === undefined || !sample.startsWith(current?.name ?? "none")) {
      throw new Error(`no sample of the family: ${line}`);
    }
    current?.samples.add(sample.slice(current.name.length));
  }
  return families;
}

describe("the page as OpenMetrics", () => {
  it("is valid, OTel part included: counters end in _total, their families do not", async () => {
    recordSomething();
    const { contentType, body } = await createPage()(OPEN_METRICS);
    expect(contentType).toBe(OPEN_METRICS_CONTENT_TYPE);
    const families = parseOpenMetrics(body);
    expect(families.get("rlm_requests")).toEqual({
      name: "rlm_requests",
      type: "counter",
      samples: new Set(["_total"]),
    });
    expect(families.get("jobs_done")).toMatchObject({
      type: "counter",
      samples: new Set(["_total"]),
    });
    expect(families.get("queue_total")).toMatchObject({ type: "gauge", samples: new Set([""]) });
    expect(families.get("gen_ai_client_operation_duration")).toMatchObject({
      type: "histogram",
      samples: new Set(["_count", "_sum", "_bucket"]),
    });
    expect(body).toContain(`# {trace_id="${"a".repeat(32)}"`);
    expect(body).not.toContain("# UNIT");
    expect(body.match(/# EOF/g)).toHaveLength(1);
  });

  it("is valid before anything was counted", async () => {
    expect(parseOpenMetrics((await createPage()(OPEN_METRICS)).body).size).toBeGreaterThan(0);
  });
});

describe("the page as text", () => {
  it("has both parts, and no exemplars", async () => {
    recordSomething();
    const { contentType, body } = await createPage()(null);
    expect(contentType).toBe(TEXT_CONTENT_TYPE);
    expect(body).toMatch(/^# TYPE rlm_requests_total counter$/m);
    expect(body).toMatch(/^# TYPE jobs_done_total counter$/m);
    expect(body).toMatch(/^gen_ai_client_operation_duration_count\{a="q\\"\\\\\\n"\} 1$/m);
    expect(body).not.toContain("trace_id");
    expect(body).not.toContain("# EOF");
    expect(body.endsWith("\n")).toBe(true);
  });

  it("is the same after scrapes of the other", async () => {
    recordSomething();
    const page = createPage();
    const [text, openMetrics] = [await page("text/plain"), await page(OPEN_METRICS)];
    for (let round = 0; round < 3; round += 1) {
      expect(await page(OPEN_METRICS)).toEqual(openMetrics);
      expect(await page("text/plain")).toEqual(text);
    }
  });
});

describe("OTel metrics", () => {
  it("that are off are left out", async () => {
    recordSomething();
    const { body } = await createPage(false)(null);
    expect(body).toContain("rlm_requests_total");
    expect(body).not.toContain("jobs_done");
  });

  it("that can't be collected are left out, counted, and reported once", async () => {
    recordSomething();
    vi.spyOn(otel, "collect").mockRejectedValue(new Error("secret"));
    const page = createPage();
    for (const accept of [null, OPEN_METRICS]) {
      expect((await page(accept)).body).toContain("rlm_requests_total");
    }
    expect([...diagnostics.counters.dropped.values()]).toEqual([
      { destination: "metrics", reason: "collect_failed", count: 2 },
    ]);
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain("secret");
  });
});

it("turns text lines to OpenMetrics lines, and leaves samples as they are", () => {
  const text = [
    "# HELP a_total Things in a_total",
    "# UNIT a_total s",
    "# no registered metrics",
    "# TYPE a_total counter",
    'a_total{x="# TYPE b_total counter"} 1',
    "",
    "# HELP b_total Not a counter",
    "# TYPE b_total gauge",
    "b_total 2",
    "# TYPE c untyped",
    "c 3",
    "",
  ].join("\n");
  expect(toOpenMetrics(text)).toBe(
    [
      "# HELP a Things in a_total",
      "# TYPE a counter",
      'a_total{x="# TYPE b_total counter"} 1',
      "# HELP b_total Not a counter",
      "# TYPE b_total gauge",
      "b_total 2",
      "# TYPE c unknown",
      "c 3",
      "",
    ].join("\n"),
  );
});

it("ends in a whole line before the first call, in both formats", async () => {
  const render = createPage();
  expect((await render(null)).body).toMatch(/\n$/);
  expect((await render(null)).body).not.toContain("no registered metrics");
  expect((await render(OPEN_METRICS)).body).toMatch(/\n# EOF\n$/);
});
