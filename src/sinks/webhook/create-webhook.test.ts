import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { completed, failed } from "../../../test/support/llm-events.ts";
import { createDiagnostics, type Diagnostics } from "../../diagnostics/index.ts";
import type { Sink } from "../../events/index.ts";
import { createWebhook, type WebhookOptions, type WebhookPayload } from "./create-webhook.ts";

const URL_WITH_SECRET = "https://hooks.example/secret-4711";

type Reply = (signal: AbortSignal) => Promise<Response>;

let posts: { url: string; init: RequestInit; payload: WebhookPayload }[];
let reply: Reply;
let problems: string[];
let diagnostics: Diagnostics;

const ok: Reply = async () => new Response("ok");
/** Answers only when its signal fires, as `fetch` does. */
const hang: Reply = (signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });

beforeEach(() => {
  vi.useFakeTimers();
  // AbortSignal.timeout() has a timer of its own that can't be faked
  vi.spyOn(AbortSignal, "timeout").mockImplementation((delayMs) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("late", "TimeoutError")), delayMs);
    return controller.signal;
  });
  posts = [];
  problems = [];
  reply = ok;
  diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function create(options: Partial<WebhookOptions> = {}): Sink {
  return createWebhook({
    url: URL_WITH_SECRET,
    timeoutMs: 1_000,
    minIntervalMs: 5_000,
    shutdownLimitMs: 4_500,
    diagnostics,
    fetch: (url, init = {}) => {
      const payload = JSON.parse(init.body as string) as WebhookPayload;
      posts.push({ url: url as string, init, payload });
      return reply(init.signal as AbortSignal);
    },
    ...options,
  });
}

const failure = () => failed("error", "rate_limit_exceeded");
const counts = () => posts.map(({ payload }) => payload.metadata.count);
const lost = () => [...diagnostics.counters.dropped.values()];
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("a post", () => {
  it("tells a failure at once, as text and as facts", async () => {
    const webhook = create();
    webhook.handle({ ...failure(), traceId: "a".repeat(32) });
    expect(posts).toHaveLength(1);
    expect(posts[0]).toMatchObject({
      url: URL_WITH_SECRET,
      init: { method: "POST", headers: { "content-type": "application/json" }, redirect: "error" },
      payload: {
        text: "LLM call failed: openai/gpt-4o: rate_limit_exceeded",
        metadata: {
          provider: "openai",
          model: "gpt-4o",
          error_type: "rate_limit_exceeded",
          outcome: "error",
          count: 1,
          timestamp: "1970-01-01T00:00:00.000Z",
          trace_id: "a".repeat(32),
        },
      },
    });
    await pass(0);
    expect(webhook.health?.()).toEqual({ state: "ok" });
    expect(diagnostics.counters.exported.get("webhook")).toBe(1);
  });

  it("is not made for what is no error", async () => {
    const webhook = create();
    webhook.handle(completed());
    for (const outcome of ["aborted", "abandoned", "truncated"] as const) {
      webhook.handle(failed(outcome, "x"));
    }
    await webhook.shutdown?.();
    expect(posts).toEqual([]);
    expect(webhook.health?.()).toEqual({ state: "unknown" });
  });
});

describe("many failures", () => {
  it("are summed up: one post in each interval, none lost", async () => {
    const webhook = create();
    for (let second = 0; second < 12; second += 1) {
      webhook.handle(failure());
      await pass(1_000);
    }
    expect(counts()).toEqual([1, 4, 5]);
    expect(posts[1]?.payload.text).toContain("(4 failures since the last message)");
    await webhook.forceFlush?.();
    expect(counts()).toEqual([1, 4, 5, 2]);
    expect(diagnostics.counters.exported.get("webhook")).toBe(12);
  });

  it("during a post that takes longer than the interval go out when it is over", async () => {
    reply = hang;
    const webhook = create({ minIntervalMs: 100, timeoutMs: 1_000 });
    webhook.handle(failure());
    await pass(200);
    for (let count = 0; count < 3; count += 1) webhook.handle(failure());
    expect(counts()).toEqual([1]);
    reply = ok;
    await pass(1_000);
    expect(counts()).toEqual([1, 3]);
  });

  it("have one post under way at a time, also without an interval", async () => {
    reply = hang;
    const webhook = create({ minIntervalMs: 0 });
    for (let count = 0; count < 1_000; count += 1) webhook.handle(failure());
    await pass(500);
    expect(counts()).toEqual([1]);
    reply = ok;
    await pass(500);
    expect(counts()).toEqual([1, 999]);
  });
});

describe("a post that fails", () => {
  it.each<[string, Reply, string]>([
    ["hangs", hang, "no answer within 1000 ms"],
    ["is answered with 500", async () => new Response("no", { status: 500 }), "HTTP 500"],
    [
      "is refused",
      () =>
        Promise.reject(
          new TypeError("fetch failed", {
            cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
          }),
        ),
      "ECONNREFUSED",
    ],
    [
      "throws at once",
      () => {
        throw new RangeError(URL_WITH_SECRET);
      },
      "RangeError",
    ],
  ])(
    "because it %s is counted, reported once without the URL, and not repeated",
    async (_what, given, reason) => {
      reply = given;
      const webhook = create();
      expect(() => webhook.handle(failure())).not.toThrow();
      await pass(5_000);
      webhook.handle(failure());
      webhook.handle(failure());
      await pass(10_000);
      expect(counts()).toEqual([1, 1, 1]);
      expect(lost()).toEqual([{ destination: "webhook", reason: "post_failed", count: 3 }]);
      expect(webhook.health?.()).toEqual({
        state: "failing",
        lastError: `a post failed (${reason}); check RLM_WEBHOOK_URL`,
      });
      expect(problems).toHaveLength(1);
      expect(problems.join()).not.toContain("secret");
    },
  );

  it("is forgotten when a later one arrives", async () => {
    reply = async () => new Response("no", { status: 500 });
    const webhook = create();
    webhook.handle(failure());
    await pass(5_000);
    reply = ok;
    webhook.handle(failure());
    await pass(0);
    expect(webhook.health?.()).toEqual({ state: "ok" });
  });
});

describe("shutdown", () => {
  it("sends what waits, without waiting for the interval", async () => {
    const webhook = create();
    for (let count = 0; count < 3; count += 1) webhook.handle(failure());
    await webhook.shutdown?.();
    expect(counts()).toEqual([1, 2]);
    await webhook.shutdown?.();
    expect(counts()).toEqual([1, 2]);
  });

  it("takes no longer than two time-outs when nobody answers", async () => {
    reply = hang;
    const webhook = create();
    webhook.handle(failure());
    webhook.handle(failure());
    let done = false;
    const closing = webhook.shutdown?.().then(() => (done = true));
    await pass(1_999);
    expect(done).toBe(false);
    await pass(1);
    await closing;
    expect(lost()).toEqual([{ destination: "webhook", reason: "post_failed", count: 2 }]);
  });

  it("gives up at its limit, and counts what was under way and what waited", async () => {
    reply = hang;
    const webhook = create({ shutdownLimitMs: 300 });
    webhook.handle(failure());
    webhook.handle(failure());
    webhook.handle(failure());
    const closing = webhook.shutdown?.();
    await pass(299);
    expect(lost()).toEqual([]);
    await pass(1);
    await closing;
    expect(lost()).toEqual([{ destination: "webhook", reason: "shutdown_timeout", count: 3 }]);
  });

  it("leaves no timer, and counts what comes later as lost", async () => {
    const webhook = create();
    webhook.handle(failure());
    await webhook.shutdown?.();
    await pass(1_000);
    expect(vi.getTimerCount()).toBe(0);
    webhook.handle(failure());
    await pass(60_000);
    expect(counts()).toEqual([1]);
    expect(lost()).toEqual([{ destination: "webhook", reason: "closed", count: 1 }]);
  });
});

it("has a timer that does not keep the process alive", () => {
  vi.useRealTimers();
  const setTimeout = vi.spyOn(globalThis, "setTimeout");
  create().handle(failure());
  const timers = setTimeout.mock.results.map(({ value }) => value as NodeJS.Timeout);
  const interval = timers[setTimeout.mock.calls.findIndex(([, delayMs]) => delayMs === 5_000)];
  expect(interval?.hasRef()).toBe(false);
  clearTimeout(interval);
});
