import { beforeEach, describe, expect, it } from "vitest";
import {
  completed,
  failed,
  fullAnswer,
  plainAnswer,
  plainCall,
} from "../../../test/support/llm-events.ts";
import { createDiagnostics } from "../../diagnostics/index.ts";
import { createEvent, type LlmCallData, type LlmFailedData } from "../../events/index.ts";
import { createMetricsSink, type MetricsSink } from "./create-metrics-sink.ts";
import { createExposition } from "./exposition.ts";
import { selfSources } from "./self-sources.ts";

let sink: MetricsSink;
beforeEach(() => {
  sink = createMetricsSink({ ifPriced: ({ model }, then) => model === "gpt-4o" && then() });
});

function start(call: LlmCallData = plainCall): void {
  sink.handle(createEvent("llm_request_started", call, 0));
}

async function page(): Promise<string> {
  const sources = Object.values(sink.families);
  return createExposition({ sources, process: false }).text();
}

/** The samples of the page that are not zero, and no buckets. */
async function samples(pattern = /./): Promise<string[]> {
  return (await page())
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && !line.includes("_bucket"))
    .filter((line) => !line.endsWith(" 0") && pattern.test(line));
}

const MODEL = 'provider="openai",model="gpt-4o"';

describe("a finished operation", () => {
  it("shows in every metric that it has something to say to", async () => {
    start(fullAnswer);
    sink.handle(completed(fullAnswer));
    expect(await samples()).toEqual([
      `rlm_requests_total{${MODEL},status="success",operation="chat"} 1`,
      `rlm_latency_seconds_sum{${MODEL},operation="chat"} 2.5`,
      `rlm_latency_seconds_count{${MODEL},operation="chat"} 1`,
      `rlm_tokens_total{${MODEL},type="prompt"} 1000`,
      `rlm_tokens_total{${MODEL},type="completion"} 300`,
      `rlm_cost_usd_total{${MODEL}} 0.0065`,
      `rlm_token_details_total{${MODEL},kind="cached_prompt"} 400`,
      `rlm_token_details_total{${MODEL},kind="cache_write"} 100`,
      `rlm_token_details_total{${MODEL},kind="reasoning"} 120`,
      `rlm_request_cost_usd_sum{${MODEL}} 0.0065`,
      `rlm_request_cost_usd_count{${MODEL}} 1`,
      `rlm_time_to_first_token_seconds_sum{${MODEL}} 0.4`,
      `rlm_time_to_first_token_seconds_count{${MODEL}} 1`,
      `rlm_attempts_total{${MODEL},result="429"} 1`,
      `rlm_attempts_total{${MODEL},result="ok"} 1`,
      `rlm_retries_total{${MODEL},reason="429"} 1`,
      `rlm_finish_reasons_total{${MODEL},reason="stop"} 1`,
      `rlm_finish_reasons_total{${MODEL},reason="length"} 1`,
      `rlm_backoff_seconds_total{${MODEL}} 0.5`,
    ]);
  });

  it.each([
    ["without the tokens of hidden reasoning", {}, 120],
    ["with those of reasoning that was streamed", { withReasoning: true }, 200],
  ])("that was streamed shows its tokens per second, %s", async (_what, shown, rate) => {
    const outputChunks = { count: 9, generationMs: 1_500, gapCounts: [8], ...shown };
    sink.handle(completed({ ...fullAnswer, outputChunks }));
    expect(await samples(/per_second/)).toEqual([
      `rlm_output_tokens_per_second_sum{${MODEL}} ${rate}`,
      `rlm_output_tokens_per_second_count{${MODEL}} 1`,
    ]);
  });

  it("whose answer came in one piece has no rate", async () => {
    const outputChunks = { count: 9, generationMs: 5, gapCounts: [8] };
    sink.handle(completed({ ...fullAnswer, outputChunks }));
    sink.handle(completed(fullAnswer));
    expect(await samples(/per_second/)).toEqual([]);
  });

  it.each([
    ["all", ["prompt", "completion"]],
    ["output", ["completion"]],
    ["input", ["prompt"]],
  ] as const)("whose tokens are estimates (%s) tells them apart, too", async (estimated, types) => {
    const usage = { inputTokens: 1000, outputTokens: 300, estimated };
    const outputChunks = { count: 9, generationMs: 1_500, gapCounts: [8] };
    sink.handle(completed({ ...fullAnswer, usage, outputChunks }));
    const tokens = { prompt: 1000, completion: 300 };
    expect(await samples(/^rlm_(estimated|tokens_total|output_tokens)/)).toEqual([
      `rlm_tokens_total{${MODEL},type="prompt"} 1000`,
      `rlm_tokens_total{${MODEL},type="completion"} 300`,
      ...types.map((type) => `rlm_estimated_tokens_total{${MODEL},type="${type}"} ${tokens[type]}`),
      `rlm_estimated_cost_usd_total{${MODEL}} 0.0065`,
    ]);
  });

  it("without a price counts its tokens as unpriced, and costs nothing that could be seen", async () => {
    const { cost: _cost, ...unpriced } = fullAnswer;
    sink.handle(completed({ ...unpriced, model: "mine" }));
    expect(await samples(/cost|unpriced/)).toEqual([
      'rlm_unpriced_tokens_total{provider="openai",model="mine",type="prompt"} 1000',
      'rlm_unpriced_tokens_total{provider="openai",model="mine",type="completion"} 300',
    ]);
    expect(await page()).not.toMatch(/^rlm_cost_usd_total\{/m);
  });

  it("without usage counts no tokens", async () => {
    sink.handle(completed(plainAnswer));
    expect(await samples(/token|cost/)).toEqual([]);
  });
});

describe("a failed operation", () => {
  it.each<[LlmFailedData["outcome"], string[]]>([
    ["error", [`rlm_errors_total{${MODEL},error_type="x"} 1`]],
    ["truncated", [`rlm_errors_total{${MODEL},error_type="x"} 1`]],
    ["aborted", []],
    ["abandoned", []],
  ])("as %s counts by status, and as an error where it is one", async (outcome, errors) => {
    start();
    sink.handle(failed(outcome, "x"));
    expect(await samples(/errors|requests/)).toEqual([
      `rlm_requests_total{${MODEL},status="${outcome}",operation="chat"} 1`,
      ...errors,
    ]);
  });
});

describe("the first scrape", () => {
  it("after a call has started shows its counters at 0, cost only with a price", async () => {
    start();
    start({ ...plainCall, model: "mine" });
    const text = await page();
    for (const status of ["success", "error", "aborted", "abandoned", "truncated"]) {
      expect(text).toContain(`rlm_requests_total{${MODEL},status="${status}",operation="chat"} 0`);
    }
    expect(text).toContain(`rlm_tokens_total{${MODEL},type="prompt"} 0`);
    expect(text).toContain(`rlm_cost_usd_total{${MODEL}} 0`);
    expect(text).not.toContain('rlm_cost_usd_total{provider="openai",model="mine"}');
  });

  it("shows calls under way until they have ended", async () => {
    start();
    start();
    sink.handle(failed("aborted", "signal"));
    expect(await samples(/active/)).toEqual(['rlm_active_requests{provider="openai"} 1']);
    sink.handle(completed());
    expect(await samples(/active/)).toEqual([]);
  });
});

it("keeps models past the limit together as `other`, and loses no call", async () => {
  sink = createMetricsSink({ maxLabelValues: 2 });
  for (let index = 0; index < 50; index += 1) {
    const model = `model ${index % 25}`;
    start({ ...plainCall, model });
    sink.handle(completed({ ...plainAnswer, model }));
  }
  const counted = await samples(/rlm_requests_total.*success/);
  expect(
    counted.map((line) => [/model="([^"]*)"/.exec(line)?.[1], Number(line.split(" ").at(-1))]),
  ).toEqual([
    ["model 0", 2],
    ["model 1", 2],
    ["other", 46],
  ]);
  expect(await samples(/active/)).toEqual([]);
  expect((await page()).split("\n").length).toBeLessThan(250);
});

it("counts ended sessions", async () => {
  const data = { durationMs: 2_000, requests: 3, totalTokens: 9, costUsd: 0.5 };
  sink.handle(createEvent("session_ended", { ...data, reason: "ended" }, 0));
  expect(await samples()).toEqual([
    "rlm_session_duration_seconds_sum 2",
    "rlm_session_duration_seconds_count 1",
    "rlm_session_cost_usd_sum 0.5",
    "rlm_session_cost_usd_count 1",
    "rlm_session_requests_sum 3",
    "rlm_session_requests_count 1",
  ]);
});

it("shows what the stack says of itself, read when it is scraped", async () => {
  const diagnostics = createDiagnostics({ write: () => {} });
  const families = Object.values(createMetricsSink({ maxLabelValues: 1 }).families);
  let activeSessions = 0;
  const counts = { handled: 0, failed: 0, dropped: 0, queued: 1, maxQueueSize: 1 };
  const handler = { ...counts, lastError: undefined };
  const sources = selfSources({
    limiters: families.map(({ definition, limiter }) => ({ metric: definition.name, limiter })),
    bus: {
      statistics: {
        publishedByType: new Map([["system_started", 1]]),
        filteredByType: new Map([["system_error", 2]]),
        handlers: [
          { ...handler, name: "inline", maxQueueSize: 0 },
          ...Array.from({ length: 3 }, () => ({ ...handler, name: "mine", queued: 2 })),
          ...Array.from({ length: 250 }, (_, index) => ({ ...handler, name: `h${index}` })),
        ],
      },
    },
    counters: diagnostics.counters,
    activeSessions: () => activeSessions,
    evictedRecords: new Map([["session", 2]]),
    build: { version: "1.2.3", priceTable: () => "genai-prices@1" },
  });
  const exposition = createExposition({ sources, process: false });
  activeSessions = 4;
  diagnostics.handlerFailed("mine");
  diagnostics.dropped("otlp", "queue_full", 3);
  diagnostics.exported("otlp", 2);
  diagnostics.uninstrumented("openai");
  diagnostics.unclassified("openai", "files");
  diagnostics.unclassified("openai", "files");
  families.find(({ definition }) => definition.name === "rlm_errors_total")?.cell("a", "b", "c");
  families.find(({ definition }) => definition.name === "rlm_errors_total")?.cell("z", "b", "c");
  const lines = (await exposition.text()).split("\n").filter((line) => line.startsWith("rlm"));
  expect(lines).toEqual([
    "rlm_active_sessions 4",
    'rlm_events_published_total{type="system_started"} 1',
    'rlm_events_filtered_total{type="system_error"} 2',
    'rlm_event_queue_length{handler="mine"} 6',
    ...Array.from({ length: 199 }, (_, index) => `rlm_event_queue_length{handler="h${index}"} 1`),
    'rlm_event_queue_length{handler="other"} 51',
    'rlm_event_handler_errors_total{handler="mine"} 1',
    'rlm_telemetry_dropped_total{destination="otlp",reason="queue_full"} 3',
    'rlm_telemetry_exported_total{destination="otlp"} 2',
    'rlm_label_overflow_total{metric="rlm_errors_total"} 1',
    'rlm_records_evicted_total{record="session"} 2',
    'rlm_uninstrumented_requests_total{provider="openai"} 1',
    'rlm_unclassified_requests_total{provider="openai",api="files"} 2',
    `rlm_build_info{version="1.2.3",price_table="genai-prices@1",node="${process.versions.node}"} 1`,
  ]);
});
