import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  context,
  type Context,
  type ContextManager,
  type Span,
  trace,
  type TracerProvider,
} from "@opentelemetry/api";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createObservability, type Observability } from "../../src/index.ts";
import type { ObservabilityOptions } from "../../src/config/index.ts";
import {
  BARE,
  callTranscripts,
  type Surroundings,
  TRANSCRIBED_CALLS,
} from "../support/call-transcripts.ts";
import { TestContextManager } from "../support/context-manager.ts";
import { startOtlpSink } from "../support/otlp-sink.ts";

const SHUTDOWN_LIMIT_MS = 400;
/** Refused ones, and those with an error status. */
const FAILED_CALLS = 4;
/** For a machine that is busy with other things. */
const TOLERANCE_MS = 3_000;

const fail = (): never => {
  throw new Error("of the back end");
};

let unhandled: unknown[];
let folder: string;
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeEach(async () => {
  unhandled = [];
  process.on("unhandledRejection", noteUnhandled);
  folder = await mkdtemp(path.join(tmpdir(), "back-ends-"));
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(async () => {
  process.off("unhandledRejection", noteUnhandled);
  vi.restoreAllMocks();
  trace.disable();
  context.disable();
  await rm(folder, { recursive: true });
});

function observe(options: ObservabilityOptions = {}): Observability {
  return createObservability({
    server: { enabled: false },
    log: { destination: "off" },
    metrics: { process: false },
    shutdownTimeoutMs: SHUTDOWN_LIMIT_MS,
    ...options,
  });
}

/** `obs.fetch` is what was global when it was made: here it is made for each call. */
function surroundingsOf(obs: Observability): Surroundings {
  return {
    client: (client) => obs.observe(client),
    fetch: (fetch) => {
      const holder = obs.observe({ fetch });
      return holder.fetch;
    },
  };
}

/** All calls are the bare client's to the application, and each has one start and one end. */
async function expectUnnoticed(obs: Observability): Promise<void> {
  const ends: (string | undefined)[] = [];
  const starts: string[] = [];
  obs.subscribe(({ id }) => void starts.push(id), { types: ["llm_request_started"] });
  obs.subscribe(({ causationId }) => void ends.push(causationId), {
    types: ["llm_request_completed", "llm_request_failed"],
  });
  const bare = await callTranscripts(BARE);
  expect(await callTranscripts(surroundingsOf(obs))).toEqual(bare);
  expect(starts).toHaveLength(TRANSCRIBED_CALLS);
  expect(ends).toEqual(starts);
  await new Promise(setImmediate);
  expect(unhandled).toEqual([]);
}

/** Bounded, and without a rejection; gives what was lost. */
async function lossesAfterShutdown(obs: Observability): Promise<Readonly<Record<string, number>>> {
  const startedAt = performance.now();
  const report = await obs.shutdown();
  expect(performance.now() - startedAt).toBeLessThan(SHUTDOWN_LIMIT_MS + TOLERANCE_MS);
  expect(report.openOperations).toBe(0);
  expect(unhandled).toEqual([]);
  return report.lost;
}

async function handlerErrors(obs: Observability, handler: string): Promise<number> {
  const page = await (await obs.handler(new Request("http://localhost/metrics"))).text();
  const line = `rlm_event_handler_errors_total{handler="${handler}"} `;
  const found = page.split("\n").find((each) => each.startsWith(line));
  return Number(found?.slice(line.length) ?? 0);
}

describe("without anything that is broken", () => {
  it("calls are as bare, and nothing is lost", async () => {
    const obs = observe();
    await expectUnnoticed(obs);
    expect(await lossesAfterShutdown(obs)).toEqual({});
  });

  it("a call that differs would be seen", async () => {
    const bare = await callTranscripts(BARE);
    const otherErrors: Surroundings = {
      ...BARE,
      fetch: (fetch) => async (input, init) =>
        fetch(input, init).catch((error: unknown) => {
          throw new TypeError((error as Error).message);
        }),
    };
    expect(await callTranscripts(otherErrors)).not.toEqual(bare);
  });
});

describe("a global tracer provider", () => {
  const tracerOf = (startSpan: () => Span): TracerProvider => ({
    getTracer: () => ({ startSpan, startActiveSpan: fail }),
  });
  const SPAN_METHODS = [
    "spanContext",
    "setAttribute",
    "setAttributes",
    "addEvent",
    "addLink",
    "addLinks",
    "setStatus",
    "updateName",
    "end",
    "isRecording",
    "recordException",
  ] as const satisfies readonly (keyof Span)[];

  /** A real span that throws at these methods. */
  function spanThatThrowsAt(methods: readonly (keyof Span)[]): Span {
    const span = new BasicTracerProvider().getTracer("test").startSpan("call");
    return Object.assign(span, Object.fromEntries(methods.map((method) => [method, fail])));
  }

  it.each<[string, TracerProvider]>([
    ["getTracer", { getTracer: fail }],
    ["startSpan", tracerOf(fail)],
    ["every method of a span", tracerOf(() => spanThatThrowsAt(SPAN_METHODS))],
    ...SPAN_METHODS.map((method): [string, TracerProvider] => [
      `a span's ${method}`,
      tracerOf(() => spanThatThrowsAt([method])),
    ]),
  ])("that throws at %s is not noticed", async (where, provider) => {
    trace.setGlobalTracerProvider(provider);
    const obs = observe();
    await expectUnnoticed(obs);
    const unused = ["addEvent", "addLink", "addLinks", "updateName", "recordException"];
    const isUsed = !unused.includes(where.replace("a span's ", ""));
    expect((await handlerErrors(obs, "spans")) > 0).toBe(isUsed);
    expect(await lossesAfterShutdown(obs)).toEqual({});
  });

  it("whose spans are nothing at all is not noticed", async () => {
    // a back end may give back anything, whatever its types say
    trace.setGlobalTracerProvider(tracerOf(() => undefined as unknown as Span));
    const obs = observe();
    await expectUnnoticed(obs);
    expect(await lossesAfterShutdown(obs)).toEqual({});
  });
});

describe("a context manager", () => {
  class FailsAfter extends TestContextManager {
    override with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
      active: Context,
      fn: F,
      thisArg?: ThisParameterType<F>,
      ...args: A
    ): ReturnType<F> {
      super.with(active, fn, thisArg, ...args);
      return fail();
    }
  }
  const failing = (methods: Partial<ContextManager>): ContextManager =>
    Object.assign(new TestContextManager(), methods);

  it.each<[string, ContextManager]>([
    ["before the call", failing({ with: fail })],
    ["after the call", new FailsAfter()],
    ["when it is asked for the context", failing({ active: fail })],
    ["at every method", failing({ with: fail, active: fail, bind: fail })],
  ])("that throws %s is not noticed", async (_when, manager) => {
    context.setGlobalContextManager(manager);
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    const obs = observe();
    await expectUnnoticed(obs);
    expect(await handlerErrors(obs, "spans")).toBeGreaterThan(0);
    expect(await lossesAfterShutdown(obs)).toEqual({});
  });
});

describe("a subscriber", () => {
  it.each<[string, () => unknown]>([
    ["throws", fail],
    ["rejects", () => Promise.reject(new Error("of the subscriber"))],
  ])("that %s is not noticed, and counted", async (_how, handle) => {
    const obs = observe();
    obs.subscribe(handle, { name: "mine" });
    await expectUnnoticed(obs);
    expect(await handlerErrors(obs, "mine")).toBeGreaterThanOrEqual(2 * TRANSCRIBED_CALLS);
    expect(await lossesAfterShutdown(obs)).toEqual({});
  });

  it("that never resolves is not noticed, and what it did not get is counted", async () => {
    const obs = observe();
    obs.subscribe(() => new Promise(() => {}), { name: "mine" });
    await expectUnnoticed(obs);
    // with the one of the shutdown, and without the first, which it has
    expect(await lossesAfterShutdown(obs)).toEqual({ "mine:shutdown": 2 * TRANSCRIBED_CALLS });
  });

  it("that publishes for every event it gets is not noticed, and stopped", async () => {
    const obs = observe();
    obs.subscribe(() => obs.alert({ name: "again", severity: "info", message: "and again" }));
    await expectUnnoticed(obs);
    const lost = await lossesAfterShutdown(obs);
    expect(lost["bus:publish_loop"]).toBeGreaterThanOrEqual(2 * TRANSCRIBED_CALLS);
  });

  it("that makes a call of its own for every end is not noticed", async () => {
    const obs = observe();
    const { fetch } = surroundingsOf(obs);
    const own = fetch(async () => new Response("{}"));
    let left = 5;
    obs.subscribe(
      () => {
        if (left-- > 0) void own("https://example.org/", { method: "POST" });
      },
      { types: ["llm_request_completed", "llm_request_failed"] },
    );
    await expectUnnoticed(obs);
    expect(await lossesAfterShutdown(obs)).toEqual({});
  });
});

describe("a destination", () => {
  const total = (lost: Readonly<Record<string, number>>, name: string) =>
    Object.entries(lost)
      .filter(([key]) => key.startsWith(`${name}:`))
      .reduce((sum, [, count]) => sum + count, 0);

  it("for OTLP that accepts and never answers is not noticed: shutdown ends, every span is counted", async () => {
    await using sink = await startOtlpSink();
    sink.mode = "hang";
    const obs = observe({ otlp: { endpoint: sink.url } });
    await expectUnnoticed(obs);
    const lost = await lossesAfterShutdown(obs);
    expect(lost).toEqual({ "otlp:shutdown_timeout": TRANSCRIBED_CALLS });
  });

  it("for OTLP whose queue is full is not noticed: every span is counted", async () => {
    await using sink = await startOtlpSink();
    sink.mode = "hang";
    const obs = observe({ otlp: { endpoint: sink.url, maxQueueSize: 3 } });
    await expectUnnoticed(obs);
    const lost = await lossesAfterShutdown(obs);
    expect(total(lost, "otlp")).toBe(TRANSCRIBED_CALLS);
    expect(lost["otlp:queue_full"]).toBe(TRANSCRIBED_CALLS - 3);
  });

  it("for Langfuse that answers 500 is not noticed: every span is counted", async () => {
    await using sink = await startOtlpSink();
    sink.mode = 500;
    const langfuse = { publicKey: "pk-test", secretKey: "sk-test", baseUrl: sink.url };
    const obs = observe({ langfuse });
    await expectUnnoticed(obs);
    expect(total(await lossesAfterShutdown(obs), "langfuse")).toBe(TRANSCRIBED_CALLS);
  });

  it("for failures that never answers is not noticed", async () => {
    await using sink = await startOtlpSink();
    sink.mode = "hang";
    const obs = observe({ webhook: { url: sink.url } });
    await expectUnnoticed(obs);
    // aborted and abandoned calls, and those that broke off, are no failures of the provider
    expect(await lossesAfterShutdown(obs)).toEqual({ "webhook:shutdown_timeout": FAILED_CALLS });
  });

  it.each<[string, () => Promise<string>]>([
    ["is full", async () => "/dev/full"],
    [
      "can't be written",
      async () => {
        const file = path.join(folder, "file");
        await writeFile(file, "");
        return path.join(file, "log.jsonl");
      },
    ],
  ])("for log lines that %s is not noticed: every line is counted", async (_how, destination) => {
    const obs = observe({ log: { destination: await destination() } });
    await expectUnnoticed(obs);
    expect(total(await lossesAfterShutdown(obs), "log")).toBe(TRANSCRIBED_CALLS);
  });
});
