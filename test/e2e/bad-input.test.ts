import { fileURLToPath } from "node:url";
import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  createObservability,
  type Observability,
  type ObservabilityOptions,
} from "../../src/index.ts";
import {
  type Behaviour,
  createSimulatedProvider,
  type ListeningHandler,
} from "../../src/testing/index.ts";
import { startHttpServer } from "../support/http-server.ts";
import { startOtlpSink } from "../support/otlp-sink.ts";
import { poll } from "../support/poll.ts";

const CALLS = 5;

describe("something outside is wrong", () => {
  let server: ListeningHandler;
  let behaviour: Behaviour;
  let written: string[];
  let obs: Observability | undefined;

  beforeEach(async () => {
    behaviour = { kind: "answer", promptTokens: 10, completionTokens: 5 };
    server = await createSimulatedProvider({ plan: () => behaviour }).listen();
    written = [];
    vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
  });

  afterEach(async () => {
    await obs?.shutdown();
    await server.close();
    vi.restoreAllMocks();
  });

  async function callWith(options: ObservabilityOptions): Promise<Observability> {
    obs = createObservability({
      server: { enabled: false },
      log: { destination: "off" },
      shutdownTimeoutMs: 2000,
      ...options,
    });
    const openai = obs.observe(
      new OpenAI({ apiKey: "sk-x", baseURL: `${server.url}/v1`, maxRetries: 0 }),
    );
    const messages = [{ role: "user" as const, content: "Hello" }];
    const expected = behaviour.kind === "answer" ? "answered" : "refused";
    for (let call = 0; call < CALLS; call += 1) {
      const result = await openai.chat.completions.create({ model: "gpt-4o", messages }).then(
        () => "answered",
        () => "refused",
      );
      expect(result).toBe(expected);
    }
    return obs;
  }

  async function metric(line: RegExp): Promise<number | undefined> {
    const page = await obs?.handler(new Request("http://localhost/metrics"));
    const value = line.exec((await page?.text()) ?? "")?.[1];
    return value === undefined ? undefined : Number(value);
  }

  const dropped = (destination: string, reason: string) =>
    metric(
      new RegExp(
        `^rlm_telemetry_dropped_total\\{destination="${destination}",reason="${reason}"\\} (\\d+)$`,
        "m",
      ),
    );

  test("a taken port: calls are observed, one line says what to do, health says failed", async () => {
    await using other = await startHttpServer((_request, response) => response.end());
    await callWith({ server: { port: other.port } });
    expect(await obs?.ready()).toMatchObject({ state: "failed" });
    expect(written).toHaveLength(1);
    expect(written[0]).toContain(`port ${other.port} is taken`);
    expect(written[0]).toContain("OTEL_EXPORTER_PROMETHEUS_PORT");
    expect(await dropped("server", "unavailable")).toBe(1);
    expect(await metric(/^rlm_requests_total\{.*status="success".*\} (\d+)$/m)).toBe(CALLS);
    expect(await obs?.getHealthStatus()).toMatchObject({
      status: "degraded",
      prometheus: "failed",
    });
  });

  test("an unreachable OTLP endpoint: every span is counted as lost, reported once", async () => {
    const gone = await startHttpServer(() => {});
    await gone.close();
    await callWith({ otlp: { endpoint: gone.url } });
    const report = await obs?.shutdown();
    const lost = Object.entries(report?.lost ?? {}).filter(([key]) => key.startsWith("otlp:"));
    expect(lost.reduce((sum, [, count]) => sum + count, 0)).toBe(CALLS);
    expect(written).toHaveLength(1);
    expect(written[0]).toContain("OTEL_EXPORTER_OTLP");
  });

  test("an OTLP endpoint that hangs: shutdown keeps its deadline and counts what it lost", async () => {
    await using sink = await startOtlpSink();
    sink.mode = "hang";
    await callWith({ otlp: { endpoint: sink.url, timeoutMs: 60_000 }, shutdownTimeoutMs: 300 });
    const start = performance.now();
    const report = await obs?.shutdown();
    expect(performance.now() - start).toBeLessThan(1500);
    const lost = Object.values(report?.lost ?? {}).reduce((sum, count) => sum + count, 0);
    expect(lost).toBe(CALLS);
  });

  test("a wrong Langfuse key: named, counted, seen in health; the OTLP side gets every span", async () => {
    await using sink = await startOtlpSink({ secretKey: "sk-right" });
    await callWith({
      otlp: { endpoint: sink.url },
      langfuse: { publicKey: "pk-test", secretKey: "sk-wrong", baseUrl: sink.url },
    });
    await obs?.forceFlush();
    expect(sink.spans).toHaveLength(CALLS);
    expect(sink.langfuseSpans).toHaveLength(0);
    expect(written).toHaveLength(1);
    expect(written[0]).toContain("LANGFUSE_SECRET_KEY");
    expect(written[0]).not.toContain("sk-wrong");
    expect(await dropped("langfuse", "export_failed")).toBe(CALLS);
    expect(await obs?.getHealthStatus()).toMatchObject({ status: "degraded", langfuse: "failing" });
  });

  test("a webhook that hangs: failed calls are as fast, the loss is counted and reported once", async () => {
    behaviour = { kind: "status", status: 500 };
    await using hook = await startHttpServer(() => {});
    await callWith({ webhook: { url: hook.url, timeoutMs: 100, minIntervalMs: 1 } });
    await poll("the time-out", async () => (await dropped("webhook", "post_failed")) !== undefined);
    await obs?.shutdown();
    const report = await obs?.shutdown();
    expect(report?.lost).toMatchObject({ "webhook:post_failed": CALLS });
    expect(report?.timedOut).toBe(false);
    expect(written).toHaveLength(1);
    expect(written[0]).toContain("RLM_WEBHOOK_URL");
  });

  test("a log file that can't be written: reported once and counted", async () => {
    const file = fileURLToPath(import.meta.url);
    await callWith({ log: { destination: `${file}/calls.log` } });
    expect(written).toHaveLength(1);
    expect(written[0]).toContain("RLM_LOG");
    expect(await dropped("log", "write_failed")).toBeGreaterThan(0);
    expect(await obs?.getHealthStatus()).toMatchObject({ status: "degraded" });
  });

  test("wrong options: one error names them all, with variable and expectation, before anything starts", () => {
    const wrong = {
      server: { port: 99_999 },
      otlp: { endpoint: "collector:4318" },
      langfuse: { publicKey: "pk-only" },
      shutdownTimeoutMs: -1,
      sevrer: {},
    } as ObservabilityOptions;
    const attempt = () => createObservability(wrong);
    expect(attempt).toThrow(expect.objectContaining({ code: "CONFIGURATION_INVALID" }));
    for (const words of [
      /server\.port.*OTEL_EXPORTER_PROMETHEUS_PORT/,
      /otlp\.endpoint.*OTEL_EXPORTER_OTLP_ENDPOINT/,
      /langfuse\.secretKey/,
      /shutdownTimeoutMs.*RLM_SHUTDOWN_TIMEOUT_MS/,
      /sevrer.*server/,
    ]) {
      expect(attempt).toThrow(words);
    }
  });
});
