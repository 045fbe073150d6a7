import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { afterEach, expect, test, vi } from "vitest";
import { startOtlpSink } from "../../test/support/otlp-sink.ts";
import { langfuseSpanProcessor } from "./langfuse-span-processor.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("sends the LLM spans of a foreign provider to Langfuse, configured by environment and code", async () => {
  await using sink = await startOtlpSink({ publicKey: "pk-1", secretKey: "sk-1" });
  vi.stubEnv("LANGFUSE_PUBLIC_KEY", "pk-1");
  vi.stubEnv("LANGFUSE_SECRET_KEY", "sk-1");
  const provider = new BasicTracerProvider({
    spanProcessors: [langfuseSpanProcessor({ baseUrl: sink.url, environment: "staging" })],
  });
  const tracer = provider.getTracer("@opentelemetry/instrumentation-openai");

  tracer.startSpan("GET /").end();
  tracer.startSpan("chat", { attributes: { "gen_ai.operation.name": "chat" } }).end();
  await provider.forceFlush();

  expect(sink.langfuseSpans.map(({ name }) => name)).toEqual(["chat"]);
  expect(sink.langfuseSpans[0]?.attributes).toEqual({
    "gen_ai.operation.name": "chat",
    "langfuse.observation.type": "generation",
    "langfuse.environment": "staging",
    "langfuse.internal.is_app_root": true,
  });
  await provider.shutdown();
});

test("without keys, the error names them", () => {
  vi.stubEnv("LANGFUSE_PUBLIC_KEY", undefined);
  vi.stubEnv("LANGFUSE_SECRET_KEY", undefined);

  expect(() => langfuseSpanProcessor()).toThrow(/LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY/);
});
