import { trace } from "@opentelemetry/api";
import { BasicTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-base";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createObservability, type Observability } from "../../src/index.ts";
import { createSimulatedProvider, seededRandom } from "../../src/testing/index.ts";
import { heapAfterCollection } from "../support/garbage-collection.ts";

const CALLS = 10_000;
const CONCURRENCY = 32;
const WARM_UP = 2_000;
/** The provider never answers for it. */
const SLOW_MODEL = "o4-mini";
/** Some 200 bytes for each of the calls in between: the noise of a heap; one operation kept would be more. */
const MAX_GROWTH_BYTES = 1.5 * 1024 * 1024;

describe(`${CALLS} calls with random outcomes, ${CONCURRENCY} at a time`, () => {
  const random = seededRandom(7);
  /** Correlation ids of operations under way: what is started is in it, what ends must be. */
  const underWay = new Set<string>();
  const outcomes = new Map<string, number>();
  const unhandled: unknown[] = [];
  let started = 0;
  let ended = 0;
  let endedTwice = 0;
  let spansEnded = 0;
  let operationsCounted = 0;
  let heapAtWarmUp = 0;
  let heapAtEnd = 0;
  let obs: Observability;

  const countUnhandled = (reason: unknown) => void unhandled.push(reason);

  beforeAll(async () => {
    process.on("unhandledRejection", countUnhandled);
    const counting: SpanProcessor = {
      onStart: () => {},
      onEnd: () => void (spansEnded += 1),
      forceFlush: async () => {},
      shutdown: async () => {},
    };
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [counting] }));
    obs = createObservability({
      server: { enabled: false },
      log: { destination: "off" },
      metrics: { process: false },
      idleLimitMs: 500,
    });
    obs.subscribe(
      (event) => {
        started += 1;
        underWay.add(event.correlationId ?? "");
      },
      { types: ["llm_request_started"] },
    );
    obs.subscribe(
      (event) => {
        const { outcome } = event.data;
        ended += 1;
        if (!underWay.delete(event.correlationId ?? "")) endedTwice += 1;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      },
      { types: ["llm_request_completed", "llm_request_failed"] },
    );
    await run();
  }, 180_000);

  afterAll(() => {
    process.off("unhandledRejection", countUnhandled);
    trace.disable();
  });

  async function run(): Promise<void> {
    const provider = createSimulatedProvider({
      maxRecordedRequests: 10,
      sleep: () => Promise.resolve(),
      plan: ({ model, stream }) => {
        if (model === SLOW_MODEL) return { kind: "hang" };
        const draw = random();
        if (draw < 0.1) return { kind: "status", status: 429, retryAfterMs: 1 };
        if (draw < 0.15) return { kind: "status", status: 500, retryAfterMs: 1 };
        if (draw < 0.18 && !stream) return { kind: "malformed" };
        if (draw < 0.25) return { kind: "cut", afterChunks: 2 };
        return { kind: "answer", promptTokens: 10, completionTokens: 5, chunks: 4 };
      },
    });
    const openai = obs.observe(
      new OpenAI({ apiKey: "sk-test", fetch: provider.fetch, maxRetries: 1 }),
    );
    let next = 0;
    const worker = async (until: number) => {
      while (next < until) {
        next += 1;
        await oneCall(openai).catch(() => {});
      }
    };
    const workers = (until: number) =>
      Promise.all(Array.from({ length: CONCURRENCY }, () => worker(until)));
    await workers(WARM_UP);
    heapAtWarmUp = await heapAfterCollection();
    await workers(CALLS);
    heapAtEnd = await heapAfterCollection();
    await obs.shutdown();
    const page = await (await obs.handler(new Request("http://localhost/metrics"))).text();
    operationsCounted = [...page.matchAll(/^rlm_requests_total\{.*\} (\d+)$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
  }

  async function oneCall(openai: OpenAI): Promise<void> {
    const messages = [{ role: "user" as const, content: "hello" }];
    const draw = random();
    if (draw < 0.4) {
      await openai.chat.completions.create({ model: "gpt-4o-mini", messages });
      return;
    }
    if (draw < 0.5) {
      const controller = new AbortController();
      const { signal } = controller;
      setImmediate(() => controller.abort());
      await openai.chat.completions.create({ model: SLOW_MODEL, messages }, { signal });
      return;
    }
    const stream = await openai.chat.completions.create({
      model: "gpt-4o",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    if (draw < 0.55) return; // nobody reads it
    for await (const _chunk of stream) if (draw < 0.65) break;
  }

  it("starts and ends every operation exactly once", () => {
    expect(ended).toBe(started);
    expect(endedTwice).toBe(0);
    expect(underWay.size).toBe(0);
  });

  it("has as many ended spans, counted operations and terminal events as calls that were sent", () => {
    expect(spansEnded).toBe(started);
    expect(operationsCounted).toBe(started);
  });

  it("counts every call", () => {
    expect(started).toBe(CALLS);
  });

  it("meets every outcome", () => {
    expect([...outcomes.keys()].toSorted()).toEqual([
      "abandoned",
      "aborted",
      "error",
      "success",
      "truncated",
    ]);
  });

  it("leaves no rejection unhandled", () => {
    expect(unhandled).toEqual([]);
  });

  it("has a flat heap between call 2,000 and call 10,000", () => {
    expect(heapAtEnd - heapAtWarmUp).toBeLessThan(MAX_GROWTH_BYTES);
  });
});
