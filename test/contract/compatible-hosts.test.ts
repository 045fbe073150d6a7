import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fetch } from "../../src/clients/index.ts";
import {
  createObservability,
  type Event,
  type Observability,
  type ObservabilityOptions,
} from "../../src/index.ts";

const USAGE = { prompt_tokens: 1_000_000, completion_tokens: 0, total_tokens: 1_000_000 };

/** A provider that answers any host, and stops where it is told to. */
function answering(finishReason: string): Fetch {
  return async (_url, init) => {
    const { model } = (await new Response(init?.body).json()) as { model: string };
    const message = { role: "assistant", content: "Hello" };
    const choices = [{ index: 0, message, finish_reason: finishReason }];
    return Response.json({ id: "chatcmpl-1", model, choices, usage: USAGE });
  };
}

let obs: Observability;
let events: Event[];

function start(options: ObservabilityOptions = {}): void {
  obs = createObservability({
    server: { enabled: false },
    log: { destination: "off" },
    ...options,
  });
  events = [];
  obs.subscribe((event) => void events.push(event));
}

beforeEach(() => start());
afterEach(() => obs.shutdown());

interface Told {
  readonly finishReason?: string;
  readonly provider?: string;
}

/** The end of a call of `model` by a client of OpenAI's SDK with this base URL. */
async function call(
  baseURL: string,
  model: string,
  { finishReason = "stop", provider }: Told = {},
) {
  const fetch = answering(finishReason);
  const client = new OpenAI({ apiKey: "sk-test", baseURL, fetch, maxRetries: 0 });
  const openai = obs.observe(client, provider === undefined ? {} : { provider });
  await openai.chat.completions.create({ model, messages: [{ role: "user", content: "Hi" }] });
  const end = events.find(({ type }) => type === "llm_request_completed");
  if (end?.type !== "llm_request_completed") throw new Error("no end");
  return end.data;
}

async function shown(name: string): Promise<string[]> {
  const page = await (await obs.handler(new Request("http://localhost/metrics"))).text();
  return page.split("\n").filter((line) => line.startsWith(`${name}{`) && !line.endsWith(" 0"));
}

describe("OpenAI's SDK with another base URL", () => {
  it.each([
    ["https://api.openai.com/v1", "gpt-4o-mini", "openai"],
    ["https://eu.api.openai.com/v1", "gpt-4o-mini", "openai"],
    ["https://api.groq.com/openai/v1", "llama-3.3-70b-versatile", "groq"],
    ["https://api.deepseek.com", "deepseek-chat", "deepseek"],
    ["https://api.mistral.ai/v1", "mistral-small-latest", "mistral_ai"],
    ["https://api.x.ai/v1", "grok-4", "x_ai"],
    ["https://my-resource.openai.azure.com/openai/v1", "gpt-4o-mini", "azure.ai.openai"],
    ["https://generativelanguage.googleapis.com/v1beta/openai", "gemini-2.5-flash", "gcp.gemini"],
  ])("%s is known by its host, and priced as such", async (baseUrl, model, provider) => {
    const data = await call(baseUrl, model);
    expect(data).toMatchObject({ provider, model, cost: { source: "table" } });
    expect(data.cost?.totalUsd).toBeGreaterThan(0);
  });

  it.each([
    ["https://api.groq.com.evil.example/openai/v1", "llama-3.3-70b-versatile"],
    ["https://evil-api.groq.com/openai/v1", "llama-3.3-70b-versatile"],
    ["https://api.deepseek.com.evil.example", "deepseek-chat"],
    ["https://openai.azure.com.evil.example/openai/v1", "my-gpt"],
    ["https://llm.example/v1", "gpt-4o-mini"],
  ])(
    "%s is nobody that is known: it speaks OpenAI's format, and is not OpenAI",
    async (url, model) => {
      const data = await call(url, model);
      expect(data).toMatchObject({ provider: "unknown", wireFormat: "openai.chat_completions" });
      expect(data.serverAddress).toBe(new URL(url).hostname);
      expect(data.cost).toBeUndefined();
      expect(await shown("rlm_unpriced_tokens_total")).toEqual([
        `rlm_unpriced_tokens_total{provider="unknown",model="${model}",type="prompt"} 1000000`,
      ]);
      expect(await shown("rlm_cost_usd_total")).toEqual([]);
    },
  );

  it("a host that is named is told and priced as the provider it is said to be", async () => {
    await obs.shutdown();
    start({ providers: { "llm.example": "openai" } });
    const data = await call("https://eu.llm.example/v1", "gpt-4o-mini");
    expect(data).toMatchObject({ provider: "openai", cost: { source: "table" } });
  });

  it("so is a client whose provider is named", async () => {
    const data = await call("https://llm.example/v1", "gpt-4o-mini", { provider: "openai" });
    expect(data).toMatchObject({ provider: "openai", cost: { source: "table" } });
  });

  it("a host that is not known has a price once it is told", async () => {
    await obs.shutdown();
    const price = { inputPerMillion: 2, outputPerMillion: 4 };
    start({ pricing: { overrides: { "my-llama": price } } });
    expect((await call("https://llm.example/v1", "my-llama")).cost).toMatchObject({
      totalUsd: 2,
      source: "override",
    });
  });

  it.each([
    "http://127.0.0.1:8000/v1",
    "http://localhost:8000/v1",
    "http://[::1]:8000/v1",
    "http://10.1.2.3/v1",
    "http://vllm.internal/v1",
  ])("%s is nobody's: its tokens have no price", async (baseUrl) => {
    expect((await call(baseUrl, "gpt-4o-mini")).cost).toBeUndefined();
    expect(await shown("rlm_unpriced_tokens_total")).toEqual([
      'rlm_unpriced_tokens_total{provider="openai",model="gpt-4o-mini",type="prompt"} 1000000',
    ]);
    expect(await shown("rlm_cost_usd_total")).toEqual([]);
  });

  it("a private host has a price once it is told", async () => {
    await obs.shutdown();
    const price = { inputPerMillion: 2, outputPerMillion: 4 };
    start({ pricing: { overrides: { "my-llama": price } } });
    expect((await call("http://127.0.0.1:8000/v1", "my-llama")).cost).toMatchObject({
      totalUsd: 2,
      source: "override",
    });
  });
});

it("an answer that was cut at its token limit is a success that is counted", async () => {
  const data = await call("https://api.openai.com/v1", "gpt-4o-mini", { finishReason: "length" });
  expect(data).toMatchObject({ outcome: "success", finishReasons: ["length"] });
  const model = 'provider="openai",model="gpt-4o-mini"';
  expect(await shown("rlm_requests_total")).toEqual([
    `rlm_requests_total{${model},status="success",operation="chat"} 1`,
  ]);
  expect(await shown("rlm_finish_reasons_total")).toEqual([
    `rlm_finish_reasons_total{${model},reason="length"} 1`,
  ]);
  expect(await shown("rlm_errors_total")).toEqual([]);
});
