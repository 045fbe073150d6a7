import { trace } from "@opentelemetry/api";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { createObservability, type Observability } from "../../src/index.ts";
import { createSimulatedProvider } from "../../src/testing/index.ts";

const provider = createSimulatedProvider({
  plan: () => ({ kind: "answer", promptTokens: 10, completionTokens: 5 }),
});

describe("an application that starts the OTel Node SDK", () => {
  let exporter: tracing.InMemorySpanExporter;
  let sdk: NodeSDK;
  let obs: Observability;

  function startSdk(): void {
    exporter = new tracing.InMemorySpanExporter();
    sdk = new NodeSDK({
      autoDetectResources: false,
      spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
      logRecordProcessors: [],
      metricReaders: [],
    });
    sdk.start();
  }

  function observe(): OpenAI {
    obs = createObservability({ server: { enabled: false }, log: { destination: "off" } });
    return obs.observe(new OpenAI({ apiKey: "sk-test", fetch: provider.fetch }));
  }

  /** One call inside a span of the application's. */
  async function call(openai: OpenAI): Promise<void> {
    await trace.getTracer("app").startActiveSpan("GET /chat", async (span) => {
      const messages = [{ role: "user" as const, content: "Hello" }];
      await openai.chat.completions.create({ model: "gpt-4o-mini", messages });
      span.end();
    });
  }

  afterEach(async () => {
    await obs.shutdown();
    await sdk.shutdown();
    trace.disable();
  });

  test.each(["before", "after"])("%s us has all spans, ours below its own", async (order) => {
    if (order === "before") startSdk();
    const openai = observe();
    if (order === "after") startSdk();

    await call(openai);

    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ name }) => name)).toEqual(["chat gpt-4o-mini", "GET /chat"]);
    const [llm, app] = spans;
    expect(llm?.parentSpanContext?.spanId).toBe(app?.spanContext().spanId);
    expect(llm?.spanContext().traceId).toBe(app?.spanContext().traceId);
  });

  test("keeps its tracing after our shutdown", async () => {
    const openai = observe();
    startSdk();
    await obs.shutdown();

    await call(openai);

    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(["GET /chat"]);
  });
});
