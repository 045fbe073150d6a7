import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CHAT_REQUEST, JSON_TEXT, responseOf } from "../../test/support/observed-response.ts";
import { type ObservabilityOptions, resolveConfig } from "../config/index.ts";
import type { Event } from "../events/index.ts";
import { createRuntime, type Runtime } from "./create-runtime.ts";
import { within } from "../timing/index.ts";

const URL = "https://api.openai.com/v1/chat/completions";

let runtimes: Runtime[];
let stderr: string[];

beforeEach(() => {
  runtimes = [];
  stderr = [];
  vi.spyOn(process.stderr, "write").mockImplementation((line) => stderr.push(String(line)) > 0);
});
afterEach(async () => {
  await Promise.all(runtimes.map((runtime) => runtime.shutdown()));
  vi.restoreAllMocks();
});

function create(options: ObservabilityOptions = {}): Runtime {
  const { config } = resolveConfig({ log: { destination: "off" }, ...options }, {});
  const runtime = createRuntime(config);
  runtimes.push(runtime);
  return runtime;
}

async function call(runtime: Runtime, response = responseOf(JSON_TEXT)): Promise<void> {
  const fetch = runtime.fetches.observe(async () => response);
  await (await fetch(URL, CHAT_REQUEST)).text();
}

describe("a call", () => {
  it("is priced, traced when tracing is on, and counted in its session", async () => {
    const runtime = create({ otlp: { endpoint: "http://127.0.0.1:1" }, shutdownTimeoutMs: 50 });
    const events: Event[] = [];
    runtime.bus.subscribe({ name: "test", handle: (event) => void events.push(event) });
    await runtime.store.withContext({ sessionId: "s" }, () => call(runtime));
    const completed = events.find(({ type }) => type === "llm_request_completed");
    // (10 × $2.50 + 5 × $10) ÷ 1,000,000
    expect(completed).toMatchObject({
      data: { cost: { totalUsd: expect.closeTo(0.000075, 12) as number, source: "table" } },
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
    expect(runtime.sinks.sessions.activeCount()).toBe(1);
  });

  it("goes to the sinks in order: sessions before metrics, subscribers last", async () => {
    const runtime = create();
    let activeWhenHandled = -1;
    runtime.bus.subscribe({
      name: "late",
      types: ["llm_request_started"],
      handle: () => void (activeWhenHandled = runtime.sinks.sessions.activeCount()),
    });
    await runtime.store.withContext({ sessionId: "s" }, () => call(runtime));
    expect(activeWhenHandled).toBe(1);
  });
});

describe("the sinks", () => {
  it("are those that were asked for", () => {
    const names = (runtime: Runtime) => runtime.sinks.all.map(({ name }) => name);
    const always = [
      "sessions",
      "audit",
      "metrics",
      "gen-ai-metrics",
      "agent-context",
      "event-metrics",
      "session-metrics",
    ];
    expect(names(create())).toEqual(always);
    const all = create({ log: { destination: "stdout" }, webhook: { url: "http://127.0.0.1:1" } });
    expect(names(all)).toEqual([...always, "log", "webhook"]);
  });

  it("are in health, with OTLP and Langfuse", () => {
    expect(create().health()).toEqual({
      otlp: { state: "disabled" },
      langfuse: { state: "disabled" },
    });
    expect(create({ log: { destination: "stdout" } }).health()).toMatchObject({
      log: { state: "unknown" },
    });
  });

  it("that can't deliver are reported once as system_error, counted, and degrade health", async () => {
    const runtime = create({ log: { destination: "/dev/full" } });
    const errors: Event[] = [];
    runtime.bus.subscribe({
      name: "test",
      types: ["system_error"],
      handle: (event) => void errors.push(event),
    });
    await call(runtime);
    await call(runtime);
    const report = await runtime.shutdown();
    expect(report).toEqual({
      lost: { "log:write_failed": 2 },
      openOperations: 0,
      timedOut: false,
    });
    expect(errors).toMatchObject([{ data: { component: "log" } }]);
    expect(stderr).toHaveLength(1);
    expect(runtime.health()["log"]).toMatchObject({ state: "failing" });
  });
});

describe("shutdown()", () => {
  it("tells when it ran out of time, and gives every caller the same report", async () => {
    const runtime = create({ shutdownTimeoutMs: 20 });
    const [sink] = runtime.sinks.all;
    if (sink) sink.shutdown = () => new Promise(() => {});
    const reports = await Promise.all([runtime.shutdown(), runtime.shutdown()]);
    expect(reports[0]).toEqual({ lost: {}, openOperations: 0, timedOut: true });
    expect(reports[1]).toBe(reports[0]);
  });

  it.each<[string, () => Promise<void>]>([
    ["rejects", () => Promise.reject(new Error("x"))],
    [
      "throws",
      () => {
        throw new Error("x");
      },
    ],
  ])("closes the others when one %s", async (_how, fail) => {
    const runtime = create();
    const [first, second] = runtime.sinks.all;
    const closed = vi.fn(async () => {});
    if (first) Object.assign(first, { shutdown: fail, forceFlush: fail });
    if (second) Object.assign(second, { shutdown: closed, forceFlush: closed });
    await runtime.forceFlush();
    expect((await runtime.shutdown()).timedOut).toBe(false);
    expect(closed).toHaveBeenCalledTimes(2);
  });
});

describe("within()", () => {
  it.each<[string, () => Promise<unknown>, boolean]>([
    ["resolves", () => Promise.resolve(), true],
    ["rejects", () => Promise.reject(new Error("x")), true],
    ["takes too long", () => new Promise(() => {}), false],
  ])("tells of work that %s", async (_how, work, finished) => {
    expect(await within(10, work())).toBe(finished);
  });

  it("leaves no timer", async () => {
    vi.useFakeTimers();
    await within(60_000, Promise.resolve());
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
