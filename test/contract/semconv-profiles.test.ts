import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createObservability, type ObservabilityOptions } from "../../src/index.ts";
import { createSimulatedProvider, type ListeningHandler } from "../../src/testing/index.ts";

let server: ListeningHandler;

beforeEach(async () => {
  const plan = () => ({
    kind: "answer" as const,
    promptTokens: 100,
    completionTokens: 20,
    content: "An answer in some pieces.",
    chunkDelayMs: 1,
  });
  server = await createSimulatedProvider({ plan }).listen();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

/** Names of the standard metrics on the page after one stream and one failure. */
async function standardMetrics(options: ObservabilityOptions = {}): Promise<string[]> {
  const off = { server: { enabled: false }, log: { destination: "off" }, includeUsage: true };
  const obs = createObservability({ ...off, ...options });
  const openai = obs.observe(
    new OpenAI({ apiKey: "sk-test", baseURL: `${server.url}/v1`, maxRetries: 0 }),
  );
  const messages = [{ role: "user" as const, content: "Hi" }];
  const stream = await openai.chat.completions.create({ model: "gpt-4o", messages, stream: true });
  for await (const chunk of stream) expect(chunk.choices).toHaveLength(1);
  await openai.embeddings.create({ model: "text-embedding-3-small", input: "Hi" }).catch(() => {});
  const page = await (await obs.handler(new Request("http://localhost/metrics"))).text();
  await obs.shutdown();
  return [...page.matchAll(/^# TYPE (gen_ai_\w+ \w+)$/gm)]
    .map((match) => match[1] ?? "")
    .toSorted();
}

const V1_41 = [
  "gen_ai_client_operation_duration histogram",
  "gen_ai_client_operation_time_per_output_chunk histogram",
  "gen_ai_client_operation_time_to_first_chunk histogram",
  "gen_ai_client_token_usage histogram",
];

const GENAI_MAIN = [
  "gen_ai_client_embeddings_duration histogram",
  "gen_ai_client_inference_duration histogram",
  "gen_ai_client_inference_operation_input_tokens histogram",
  "gen_ai_client_inference_operation_output_tokens histogram",
  "gen_ai_client_inference_time_per_output_chunk histogram",
  "gen_ai_client_inference_time_to_first_chunk histogram",
  "gen_ai_client_inference_usage_cache_read_input_tokens_total counter",
  "gen_ai_client_inference_usage_input_tokens_total counter",
  "gen_ai_client_inference_usage_output_tokens_total counter",
  "gen_ai_client_inference_usage_reasoning_output_tokens_total counter",
];

describe("the page has one set of standard metrics, never both", () => {
  it("v1.41 by default", async () => {
    expect(await standardMetrics()).toEqual(V1_41);
  });

  it("the newer one by option", async () => {
    expect(await standardMetrics({ semconv: "genai-main" })).toEqual(GENAI_MAIN);
  });

  it("the newer one by OTel's variable, unless the option says otherwise", async () => {
    vi.stubEnv("OTEL_SEMCONV_STABILITY_OPT_IN", "http,gen_ai_latest_experimental");
    expect(await standardMetrics()).toEqual(GENAI_MAIN);
    expect(await standardMetrics({ semconv: "v1.41" })).toEqual(V1_41);
  });
});
