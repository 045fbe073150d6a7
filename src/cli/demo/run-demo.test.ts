import OpenAI from "openai";
import { expect, test } from "vitest";
import type { Event, Outcome } from "../../events/index.ts";
import { createObservability } from "../../create-observability.ts";
import type { Observability } from "../../runtime/observability.ts";
import { sleepRealTime } from "../../testing/sleep.ts";
import type { DemoFlags } from "./flags.ts";
import { type DemoDependencies, runDemo } from "./run-demo.ts";

const flags: DemoFlags = { durationMs: 2000, ratePerSecond: 40, port: 0, seed: 3, quiet: true };

type World = Partial<DemoDependencies> & { onEvent?: (count: number) => void };

/** Runs the demo in process. `events` are all that its observability published. */
async function run(changed: Partial<DemoFlags> = {}, { onEvent, ...world }: World = {}) {
  const events: Event[] = [];
  const written: string[] = [];
  const result = await runDemo(
    { ...flags, ...changed },
    {
      createObservability(options) {
        const observability = createObservability(options);
        observability.subscribe((event) => {
          events.push(event);
          onEvent?.(events.length);
        });
        return observability;
      },
      OpenAI,
      stdout: { write: (text) => written.push(text), isTTY: true },
      environment: {},
      signal: new AbortController().signal,
      now: Date.now,
      sleep: sleepRealTime,
      finishWithinMs: 1000,
      ...world,
    },
  );
  const count = (type: Event["type"]) => events.filter((event) => event.type === type).length;
  return { ...result, events, count, text: written.join("") };
}

test("a bounded run ends with every call finished, every session ended and a report", async () => {
  const { snapshot, turns, count, events, text } = await run();

  const visits = Object.values(turns).reduce((sum, times) => sum + times, 0);
  expect(visits).toBeGreaterThan(10);
  const finished = count("llm_request_completed") + count("llm_request_failed");
  expect(count("llm_request_started")).toBe(finished);
  expect(snapshot).toMatchObject({ finished, active: 0, activeSessions: 0 });
  expect(count("session_started")).toBe(count("session_ended"));
  expect(count("agent_processing_started")).toBe(
    count("agent_processing_completed") + count("agent_error"),
  );
  expect(count("hitl_approval_requested")).toBe(
    count("hitl_decision_made") + count("hitl_timeout"),
  );

  const outcomes = new Set<Outcome>();
  for (const event of events) {
    if (event.type !== "llm_request_completed" && event.type !== "llm_request_failed") continue;
    outcomes.add(event.data.outcome);
    expect(event.data.context.sessionId).toMatch(/^session-\d+$/);
    expect(event.data.context.userId).toMatch(/^user-\d+$/);
  }
  expect(outcomes).toContain("success");
  expect(outcomes.size).toBeGreaterThan(1);
  expect(snapshot.costUsd).toBeGreaterThan(0);
  expect(text).toMatch(/metrics +http:\/\/127\.0\.0\.1:\d+\/metrics/);
  expect(text).toMatch(/lost +nothing\n$/);
}, 20_000);

test("an interrupt ends it in the same good order, giving up calls past the deadline", async () => {
  const interrupt = new AbortController();
  const { snapshot, turns, count, text } = await run(
    { durationMs: 3_600_000, quiet: false },
    {
      signal: interrupt.signal,
      finishWithinMs: 50,
      onEvent: (seen) => seen > 20 && interrupt.abort(),
    },
  );
  expect(turns.left).toBeGreaterThan(0);
  expect(count("llm_request_started")).toBe(snapshot.finished);
  expect(snapshot.active).toBe(0);
  expect(text).toContain("\u001b[0JDemo ended after 00:0");
}, 20_000);

test("a taken port is said, and the demo goes on", async () => {
  const other = createObservability({ server: { port: 0 }, log: { destination: "off" } });
  try {
    const { url = "" } = await other.ready();
    const { snapshot, text } = await run({ port: Number(new URL(url).port), durationMs: 300 });
    expect(text).toMatch(/metrics +not served: .+/);
    expect(text).toContain("--port 0");
    expect(snapshot.finished).toBeGreaterThan(0);
  } finally {
    await other.shutdown();
  }
}, 20_000);

test("a start that fails leaves no provider behind", async () => {
  const failure = new Error("bad option");
  const createFailing = (): Observability => {
    throw failure;
  };
  await expect(run({}, { createObservability: createFailing })).rejects.toBe(failure);
});
