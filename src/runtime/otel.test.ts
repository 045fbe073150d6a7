import {
  context,
  type ContextManager,
  metrics,
  propagation,
  ROOT_CONTEXT,
  trace,
} from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { completed, fullAnswer, fullCall } from "../../test/support/llm-events.ts";
import { type OtlpSink, refusingUrl, startOtlpSink } from "../../test/support/otlp-sink.ts";
import { createDiagnostics, type Diagnostics } from "../diagnostics/index.ts";
import { requestAttributes, responseAttributes } from "../../test/support/span-attributes.ts";
import { createSpanAround } from "../sinks/spans/index.ts";
import { type OtelRuntime, startOtel } from "./otel.ts";
import type { OtelConfig } from "./otel-config.ts";

const START_MS = 1_790_000_000_500;
const otlpDefaults = {
  enabled: true,
  endpoint: undefined,
  tracesEndpoint: undefined,
  headers: {},
  timeoutMs: 1_000,
  maxQueueSize: 2_048,
};
const langfuseDefaults = {
  publicKey: undefined,
  secretKey: undefined,
  baseUrl: "http://127.0.0.1:1",
  release: undefined,
  timeoutMs: 1_000,
  maxQueueSize: 2_048,
};
const keys = { publicKey: "pk-test", secretKey: "sk-test" };

let otlp: OtlpSink;
let langfuse: OtlpSink;
let lines: string[];
let diagnostics: Diagnostics;
let runtime: OtelRuntime | undefined;

beforeEach(async () => {
  otlp = await startOtlpSink();
  langfuse = await startOtlpSink(keys);
  lines = [];
  diagnostics = createDiagnostics({ write: (line) => lines.push(line) });
});

afterEach(async () => {
  await runtime?.shutdown(50);
  runtime = undefined;
  trace.disable();
  metrics.disable();
  vi.unstubAllEnvs();
  await Promise.all([otlp.close(), langfuse.close()]);
});

interface Overrides {
  readonly otlp?: Partial<OtelConfig["otlp"]>;
  readonly langfuse?: Partial<OtelConfig["langfuse"]>;
}

/** Both destinations, unless `overrides` says otherwise. */
function start(overrides: Overrides = {}): OtelRuntime {
  runtime = startOtel(
    {
      serviceName: "shop",
      serviceVersion: "1.2.3",
      environment: "Prod EU!",
      otlp: { ...otlpDefaults, endpoint: otlp.url, ...overrides.otlp },
      langfuse: {
        ...langfuseDefaults,
        ...keys,
        baseUrl: langfuse.url,
        release: "r1",
        ...overrides.langfuse,
      },
    },
    diagnostics,
    "0.1.0",
  );
  return runtime;
}

function makeCalls({ tracer }: OtelRuntime, count: number): void {
  const around = createSpanAround(tracer);
  for (let index = 0; index < count; index++) {
    around.open(fullCall, START_MS, `c${index}`).close(completed(fullAnswer));
  }
}

function losses(): Record<string, number> {
  const { dropped } = diagnostics.counters;
  return Object.fromEntries(
    [...dropped.values()].map(({ destination, reason, count }) => [
      `${destination}:${reason}`,
      count,
    ]),
  );
}

describe("one call", () => {
  test("arrives at both destinations with the same ids; only Langfuse's copy has langfuse.*", async () => {
    const started = start();
    makeCalls(started, 1);
    await started.forceFlush(5_000);

    const [original] = otlp.spans;
    const [copy] = langfuse.langfuseSpans;
    expect(original?.attributes).toEqual({
      ...requestAttributes(fullCall, "c0"),
      ...responseAttributes(fullAnswer),
    });
    expect(original).toMatchObject({
      name: "chat gpt-4o",
      kind: 3,
      startTimeUnixNano: 1_790_000_000_500_000_000n,
      endTimeUnixNano: 1_790_000_003_000_000_000n,
      scope: "@rlm-toolkit/observability",
      resource: {
        "service.name": "shop",
        "service.version": "1.2.3",
        "deployment.environment.name": "Prod EU!",
      },
    });
    expect(copy).toMatchObject({
      traceId: original?.traceId,
      spanId: original?.spanId,
      attributes: {
        ...original?.attributes,
        "langfuse.observation.type": "generation",
        "langfuse.environment": "prod-eu",
        "langfuse.release": "r1",
        "langfuse.version": "1.2.3",
        "langfuse.internal.is_app_root": true,
      },
    });
    const details = String(copy?.attributes["langfuse.observation.cost_details"]);
    expect(JSON.parse(details)).toEqual({ input: 0.0035, output: 0.003, total: 0.0065 });
    expect(diagnostics.counters.exported).toEqual(
      new Map([
        ["otlp", 1],
        ["langfuse", 1],
      ]),
    );
    expect(started.health()).toEqual({ otlp: { state: "ok" }, langfuse: { state: "ok" } });
  });

  test("goes to Langfuse compressed, as OTLP/JSON, with version 4 of its ingestion", async () => {
    const started = start();
    makeCalls(started, 1);
    await started.forceFlush(5_000);

    expect(langfuse.requests[0]).toMatchObject({
      method: "POST",
      path: "/api/public/otel/v1/traces",
      headers: {
        "content-type": "application/json",
        "content-encoding": "gzip",
        "x-langfuse-ingestion-version": "4",
      },
    });
  });
});

describe("a Langfuse that", () => {
  test("refuses the keys is reported once, with what to check; OTLP gets everything", async () => {
    const started = start({ langfuse: { secretKey: "sk-canary" } });
    for (let round = 0; round < 3; round++) {
      makeCalls(started, 10);
      await started.forceFlush(5_000);
    }

    expect(otlp.spans).toHaveLength(30);
    expect(losses()).toEqual({ "langfuse:export_failed": 30 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/HTTP 401.*LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY/);
    expect(started.health().langfuse.state).toBe("failing");
    expect(JSON.stringify([lines, started.health()])).not.toContain("canary");
  });

  test("isn't there is reported once; OTLP gets everything", async () => {
    const started = start({ langfuse: { baseUrl: await refusingUrl(), timeoutMs: 200 } });
    makeCalls(started, 10);
    await started.forceFlush(5_000);

    expect(otlp.spans).toHaveLength(10);
    expect(losses()).toEqual({ "langfuse:export_failed": 10 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("ECONNREFUSED");
  });

  test("hangs fills its own queue, counted exactly, and holds shutdown to its deadline", async () => {
    langfuse.mode = "hang";
    const started = start({ langfuse: { maxQueueSize: 100, timeoutMs: 60_000 } });
    makeCalls(started, 250);
    await vi.waitFor(() => expect(diagnostics.counters.exported.get("otlp")).toBe(250), 10_000);

    const before = performance.now();
    await started.shutdown(100);

    expect(performance.now() - before).toBeLessThan(2_000);
    expect(otlp.spans).toHaveLength(250);
    expect(losses()).toEqual({ "langfuse:queue_full": 150, "langfuse:shutdown_timeout": 100 });
  });

  test("has not been sent anything yet is asked", async () => {
    const started = start({ langfuse: { secretKey: "sk-wrong" } });
    expect(started.health().langfuse).toEqual({ state: "unknown" });

    await started.probe();

    expect(started.health().langfuse.state).toBe("failing");
    expect(started.health().langfuse.lastError).toContain("LANGFUSE_SECRET_KEY");
  });
});

test("an OTLP receiver that fails leaves Langfuse alone", async () => {
  otlp.mode = 500;
  const started = start();
  makeCalls(started, 5);
  await started.shutdown(5_000);

  expect(langfuse.langfuseSpans).toHaveLength(5);
  expect(losses()).toEqual({ "otlp:export_failed": 5 });
});

test("headers for OTLP in the environment don't reach Langfuse", async () => {
  vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", "x-secret=canary");
  const started = start();
  makeCalls(started, 1);
  await started.forceFlush(5_000);

  expect(JSON.stringify(langfuse.requests[0]?.headers)).not.toContain("canary");
});

test("an OTLP export that is switched off sends nothing, whatever endpoint is set; Langfuse gets its copy", async () => {
  const started = start({ otlp: { enabled: false } });
  makeCalls(started, 2);
  await started.shutdown(1_000);

  expect(started.health()).toMatchObject({ otlp: { state: "disabled" } });
  expect(otlp.requests).toEqual([]);
  expect(langfuse.langfuseSpans).toHaveLength(2);
});

test("nothing is configured: both are disabled, and the environment starts no exporter", async () => {
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", otlp.url);
  vi.stubEnv("OTEL_TRACES_EXPORTER", "otlp,console");
  vi.stubEnv("OTEL_METRICS_EXPORTER", "otlp,console");
  vi.stubEnv("OTEL_LOGS_EXPORTER", "otlp,console");
  const printed = [vi.spyOn(console, "log"), vi.spyOn(console, "dir")];
  const started = start({ otlp: { endpoint: undefined }, langfuse: { publicKey: undefined } });

  makeCalls(started, 3);
  await started.probe();
  const health = started.health();
  await started.shutdown(1_000);

  expect(health).toEqual({ otlp: { state: "disabled" }, langfuse: { state: "disabled" } });
  expect([...otlp.requests, ...langfuse.requests]).toEqual([]);
  expect(printed.flatMap(({ mock }) => mock.calls)).toEqual([]);
  vi.restoreAllMocks();
});

test("registers nothing: the application can set up OTel of its own at any time", () => {
  start();

  const tracers = new BasicTracerProvider();
  const meters = new MeterProvider();
  expect(trace.setGlobalTracerProvider(tracers)).toBe(true);
  expect(metrics.setGlobalMeterProvider(meters)).toBe(true);
  const contexts: ContextManager = {
    active: () => ROOT_CONTEXT,
    with: (_context, fn, thisArg, ...args) => fn.apply(thisArg, args),
    bind: (_context, target) => target,
    enable: () => contexts,
    disable: () => contexts,
  };
  expect(context.setGlobalContextManager(contexts)).toBe(true);
  expect(propagation.setGlobalPropagator(new W3CTraceContextPropagator())).toBe(true);
  const loggers = { getLogger: () => logs.getLogger("unused") };
  expect(logs.setGlobalLoggerProvider(loggers)).toBe(loggers);
  context.disable();
  propagation.disable();
  logs.disable();
});

describe("an application with a tracer provider of its own", () => {
  const exporter = new InMemorySpanExporter();

  beforeEach(() => {
    exporter.reset();
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    );
  });

  test("keeps it as it is: our spans go there, nothing is attached, and it is told what to do", async () => {
    const provider = trace.getTracerProvider();
    const started = start();
    makeCalls(started, 1);
    await started.shutdown(1_000);

    expect(exporter.getFinishedSpans()).toHaveLength(1);
    expect(exporter.getFinishedSpans()[0]?.attributes).not.toHaveProperty(
      "langfuse.observation.type",
    );
    expect([...otlp.requests, ...langfuse.requests]).toEqual([]);
    expect(trace.getTracerProvider()).toBe(provider);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("langfuseSpanProcessor()");
  });

  test("may come after the start, and gets the spans from then on", async () => {
    trace.disable();
    const started = start();
    makeCalls(started, 1);
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    );
    makeCalls(started, 2);
    await started.shutdown(1_000);

    expect(otlp.spans).toHaveLength(1);
    expect(exporter.getFinishedSpans()).toHaveLength(2);
    expect(lines).toHaveLength(1);
  });
});

test("after shutdown a second start in the same process works", async () => {
  const first = start();
  await first.shutdown(1_000);
  const second = start();
  makeCalls(second, 2);
  await second.shutdown(5_000);

  expect(otlp.spans).toHaveLength(2);
  expect(langfuse.langfuseSpans).toHaveLength(2);
});
