import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { poll } from "../test/support/poll.ts";
import { createObservability } from "./create-observability.ts";
import type { ObservabilityOptions } from "./config/index.ts";
import { type Event, isObservabilityError, type LlmCallData, type Observability } from "./index.ts";
import { type Behaviour, createSimulatedProvider } from "./testing/index.ts";

const CHAT = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "Hi" }] };
const ANSWER: Behaviour = { kind: "answer", promptTokens: 1_000, completionTokens: 100 };
const QUIET: ObservabilityOptions = { server: { port: 0 }, log: { destination: "off" } };

let started: Observability[];
let exitListeners: number;

beforeEach(() => {
  started = [];
  exitListeners = process.listenerCount("beforeExit");
  for (const name of Object.keys(process.env)) {
    if (/^(RLM|OTEL|LANGFUSE)_/.test(name)) vi.stubEnv(name, undefined);
  }
});
afterEach(async () => {
  await Promise.all(started.map((obs) => obs.shutdown()));
  vi.unstubAllEnvs();
  expect(process.listenerCount("beforeExit")).toBe(exitListeners);
});

function start(options: ObservabilityOptions = {}): Observability {
  const obs = createObservability({ ...QUIET, ...options });
  started.push(obs);
  return obs;
}

function client(behaviour: Behaviour = ANSWER): OpenAI {
  const { fetch } = createSimulatedProvider({ plan: () => behaviour });
  return new OpenAI({ apiKey: "sk-test", fetch, maxRetries: 0 });
}

function listen(obs: Observability): Event[] {
  const events: Event[] = [];
  obs.subscribe((event) => void events.push(event));
  return events;
}

async function pageOf(obs: Observability): Promise<string> {
  return (await obs.handler(new Request("http://x/metrics"))).text();
}

describe("two lines", () => {
  it("show a call on /metrics of the server, with tokens and cost, and all is healthy", async () => {
    const obs = start();
    const openai = obs.observe(client());
    await openai.chat.completions.create(CHAT);
    const { url } = await obs.ready();
    const page = await (await fetch(`${url}/metrics`)).text();
    const model = 'provider="openai",model="gpt-4o-mini"';
    expect(page).toContain(`rlm_requests_total{${model},status="success",operation="chat"} 1\n`);
    expect(page).toContain(`rlm_tokens_total{${model},type="prompt"} 1000\n`);
    // (1000 × $0.15 + 100 × $0.60) ÷ 1,000,000
    const cost = /^rlm_cost_usd_total\{[^}]*\} (.*)$/m.exec(page)?.[1];
    expect(Number(cost)).toBeCloseTo(0.00021, 12);
    expect(page).toMatch(/^gen_ai_client_operation_duration_count\{[^}]*\} 1$/m);
    expect(page).toContain("process_cpu_seconds_total");
    expect(await obs.getHealthStatus()).toMatchObject({
      status: "healthy",
      active_sessions: 0,
      prometheus: "serving",
      langfuse: "disabled",
    });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it("observe plain fetch and the client without an SDK as well", async () => {
    const server = await createSimulatedProvider({ plan: () => ANSWER }).listen();
    try {
      const obs = start();
      const events = listen(obs);
      const baseUrl = `${server.url}/v1`;
      await obs.createMonitoredLlm("acme", "m", { baseUrl }).generate("Hi");
      const body = JSON.stringify(CHAT);
      const headers = { "content-type": "application/json" };
      await (
        await obs.fetch(`${baseUrl}/chat/completions`, { method: "POST", body, headers })
      ).json();
      const seen = events.filter(({ type }) => type === "llm_request_completed");
      expect(seen.map(({ data }) => (data as { provider: string }).provider)).toEqual([
        "acme",
        "openai",
      ]);
    } finally {
      await server.close();
    }
  });
});

describe("options", () => {
  it("that are wrong are refused at once, all of them, and nothing is started", () => {
    const options = { server: { port: 70_000 }, idleLimitMs: -1 };
    expect(() => createObservability(options)).toThrow(/server\.port[^]*idleLimitMs/);
    try {
      createObservability(options);
    } catch (error) {
      // oxlint-disable-next-line vitest/no-conditional-expect -- it throws, as was just said
      expect(isObservabilityError(error) && error.code).toBe("CONFIGURATION_INVALID");
    }
    expect(process.listenerCount("beforeExit")).toBe(exitListeners);
  });

  it("that are wrong in the environment are reported, and the default is taken", async () => {
    vi.stubEnv("RLM_IDLE_LIMIT_MS", "soon");
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const obs = start();
    const lines = write.mock.calls.map(([line]) => String(line));
    write.mockRestore();
    expect(lines.filter((line) => line.includes("RLM_IDLE_LIMIT_MS"))).toHaveLength(1);
    expect((await obs.getHealthStatus()).status).toBe("healthy");
  });

  it("without a server leave the handler to mount", async () => {
    const obs = start({ server: { enabled: false } });
    expect(await obs.ready()).toEqual({ state: "disabled" });
    expect(await pageOf(obs)).toContain("rlm_build_info");
    expect((await obs.getHealthStatus()).prometheus).toBe("disabled");
  });

  it("with a port that is taken degrade health, and calls go on", async () => {
    const first = start();
    const port = Number(new URL((await first.ready()).url ?? "").port);
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const second = start({ server: { port } });
    expect((await second.ready()).state).toBe("failed");
    write.mockRestore();
    await second.observe(client()).chat.completions.create(CHAT);
    expect(await second.getHealthStatus()).toMatchObject({
      status: "degraded",
      prometheus: "failed",
    });
    expect(await pageOf(second)).toContain(
      'rlm_telemetry_dropped_total{destination="server",reason="unavailable"} 1',
    );
  });
});

describe("context", () => {
  it("of session() and withContext() is on the events of the calls inside only", async () => {
    const obs = start();
    const events = listen(obs);
    const openai = obs.observe(client());
    const answer = await obs.withContext({ userId: "u", tags: ["a"] }, () =>
      obs.session("s", () => openai.chat.completions.create(CHAT)),
    );
    expect(answer.model).toBe("gpt-4o-mini");
    await openai.chat.completions.create(CHAT);
    const [inside, outside] = events.filter(({ type }) => type === "llm_request_completed");
    expect(inside).toMatchObject({
      sessionId: "s",
      data: { context: { sessionId: "s", userId: "u", tags: ["a"] } },
    });
    expect(outside).toMatchObject({ data: { context: {} } });
    expect(outside).not.toHaveProperty("sessionId");
  });

  it("of a session is counted until it ends", async () => {
    const obs = start();
    const events = listen(obs);
    const openai = obs.observe(client());
    obs.startSession("s", { plan: "pro" });
    await obs.session("s", () => openai.chat.completions.create(CHAT));
    expect((await obs.getHealthStatus()).active_sessions).toBe(1);
    expect(await pageOf(obs)).toContain("rlm_active_sessions 1\n");
    obs.endSession("s");
    obs.endSession("s");
    obs.endSession("never started");
    expect(events.filter(({ type }) => type.startsWith("session"))).toMatchObject([
      { type: "session_started", sessionId: "s", data: { metadata: { plan: "pro" } } },
      { type: "session_ended", sessionId: "s", data: { requests: 1, totalTokens: 1_100 } },
    ]);
    expect(await pageOf(obs)).toContain("rlm_active_sessions 0\n");
  });
});

describe("a subscriber", () => {
  it("that throws is counted by its name, and the call goes on", async () => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const obs = start();
    obs.subscribe(
      () => {
        throw new Error("mine");
      },
      { name: "mine", types: ["llm_request_completed"] },
    );
    await obs.observe(client()).chat.completions.create(CHAT);
    write.mockRestore();
    expect(await pageOf(obs)).toContain('rlm_event_handler_errors_total{handler="mine"} 1\n');
  });

  it("gets what it asked for, until it stops", async () => {
    const obs = start();
    const types: string[] = [];
    const stop = obs.subscribe(({ type }) => void types.push(type), {
      types: ["llm_request_started"],
    });
    const openai = obs.observe(client());
    await openai.chat.completions.create(CHAT);
    stop();
    await openai.chat.completions.create(CHAT);
    expect(types).toEqual(["llm_request_started"]);
  });
});

describe("subscriptions", () => {
  it("narrow the event to the types and categories that were asked for", async () => {
    const obs = start();
    const seen: string[] = [];
    obs.subscribe(
      (event) => {
        expectTypeOf(event.type).toEqualTypeOf<
          | "llm_request_completed"
          | "session_started"
          | "session_updated"
          | "session_message_added"
          | "session_ended"
        >();
        if (event.category === "llm") seen.push(event.data.model);
        else seen.push(event.sessionId ?? "");
      },
      { types: ["llm_request_completed"], categories: ["session"] },
    );
    obs.subscribe((event) => expectTypeOf(event.data).toEqualTypeOf<LlmCallData>(), {
      types: ["llm_request_started"],
    });
    obs.subscribe((event) => expectTypeOf(event).toEqualTypeOf<Event>(), { name: "all" });
    obs.subscribe((event) => expectTypeOf(event.category).toEqualTypeOf<"tool">(), {
      categories: ["tool"],
    });
    await obs.session("s", () => obs.observe(client()).chat.completions.create(CHAT));
    expect(seen).toEqual(["s", "gpt-4o-mini"]);
  });

  it("that can't be are refused at once", () => {
    const obs = start();
    const thrown = expect.objectContaining({ code: "SUBSCRIPTION_INVALID" }) as Error;
    expect(() => obs.subscribe(undefined as never)).toThrow(thrown);
    expect(() => obs.subscribe(() => {}, { types: ["nothing" as never] })).toThrow(thrown);
    expect(() => obs.use({} as never)).toThrow(thrown);
  });

  it("end with their signal, their first event, or their block", async () => {
    const obs = start();
    const seen: string[] = [];
    const controller = new AbortController();
    const note = (name: string) => () => void seen.push(name);
    obs.subscribe(note("signal"), { signal: controller.signal });
    obs.subscribe(note("once"), { once: true });
    {
      using _subscription = obs.subscribe(note("block"));
      obs.startSession("a");
    }
    controller.abort();
    obs.startSession("b");
    expect(seen).toEqual(["signal", "once", "block"]);
  });

  it("get events that they can't change", () => {
    const obs = start();
    const events = listen(obs);
    obs.use((event) => {
      expect(Object.isFrozen(event.data)).toBe(true);
      return event;
    });
    obs.startSession("a");
    expect(obs.getEventStatistics().middleware).toMatchObject([{ passed: 1, failed: 0 }]);
    expect(Object.isFrozen(events[0])).toBe(true);
  });

  it("see events as middleware left them, and so do metrics", async () => {
    const obs = start();
    const events = listen(obs);
    obs.use((event) => (event.type === "session_started" ? undefined : event), { name: "filter" });
    obs.use((event) =>
      event.type === "llm_request_completed"
        ? { ...event, data: { ...event.data, model: "mine" } }
        : event,
    );
    await obs.session("s", () => obs.observe(client()).chat.completions.create(CHAT));
    expect(events.map(({ type }) => type)).toEqual([
      "llm_request_started",
      "llm_request_completed",
    ]);
    const page = await pageOf(obs);
    expect(page).toMatch(/^rlm_requests_total\{[^}]*model="mine"[^}]*\} 1$/m);
    expect(page).toContain('rlm_events_filtered_total{type="session_started"} 1\n');
    expect((await obs.shutdown()).lost).toEqual({});
  });

  it("with an async handler get one event at a time, and forceFlush() waits for them", async () => {
    const obs = start();
    const log: string[] = [];
    const handler = async ({ sessionId }: Event) => {
      log.push(`${sessionId} in`);
      await new Promise(setImmediate);
      log.push(`${sessionId} out`);
    };
    obs.subscribe(handler, { categories: ["session"], name: "mine" });
    obs.startSession("a");
    obs.startSession("b");
    expect(log).toEqual([]);
    expect(await pageOf(obs)).toContain('rlm_event_queue_length{handler="mine"} 2\n');
    await obs.forceFlush();
    expect(log).toEqual(["a in", "a out", "b in", "b out"]);
  });

  it("that hang hold up a shutdown no longer than its limit, and what waits is lost and said", async () => {
    const obs = start({ shutdownTimeoutMs: 50 });
    obs.subscribe(() => new Promise(() => {}), { name: "mine", categories: ["session"] });
    for (const id of ["a", "b", "c"]) obs.startSession(id);
    expect(await obs.shutdown()).toEqual({
      // two starts and three ends wait for the first
      lost: { "mine:shutdown": 5 },
      openOperations: 0,
      timedOut: true,
    });
  });
});

describe("shutdown()", () => {
  it("ends what is under way, says so, closes the server, and is done once", async () => {
    const obs = start();
    const events = listen(obs);
    const { url } = await obs.ready();
    obs.startSession("s");
    const controller = new AbortController();
    const { signal } = controller;
    const hanging = obs.observe(client({ kind: "hang" })).chat.completions.create(CHAT, { signal });
    await poll("the call", () => events.some(({ type }) => type === "llm_request_started"));
    const [first, second] = await Promise.all([obs.shutdown(), obs.shutdown()]);
    expect(first).toEqual({ lost: {}, openOperations: 1, timedOut: false });
    expect(second).toEqual(first);
    expect(await obs.shutdown()).toEqual(first);
    expect(events.map(({ type }) => type).slice(-3)).toEqual([
      "llm_request_failed",
      "session_ended",
      "system_stopped",
    ]);
    await expect(fetch(`${url}/metrics`)).rejects.toThrow();
    expect((await obs.getHealthStatus()).status).toBe("stopped");
    controller.abort();
    await expect(hanging).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
  });

  it("right after the start leaves nothing listening", async () => {
    const obs = start();
    await obs.shutdown();
    const { url } = await obs.ready();
    await expect(fetch(`${url}/metrics`)).rejects.toThrow();
  });

  it("leaves the clients working, and nothing is observed or counted any more", async () => {
    const obs = start();
    const openai = obs.observe(client());
    await obs.shutdown();
    const events = listen(obs);
    expect((await openai.chat.completions.create(CHAT)).model).toBe("gpt-4o-mini");
    const late = client();
    const { fetch: before } = late as unknown as { fetch: unknown };
    expect((obs.observe(late) as unknown as { fetch: unknown }).fetch).toBe(before);
    expect(obs.session("s", () => 7)).toBe(7);
    obs.startSession("t");
    expect(events).toEqual([]);
    expect((await obs.getHealthStatus()).active_sessions).toBe(0);
    expect(await pageOf(obs)).toContain("rlm_build_info");
  });

  it("takes no longer than its limit when a destination hangs", async () => {
    const server = await createSimulatedProvider({ plan: () => ({ kind: "hang" }) }).listen();
    try {
      const obs = start({
        shutdownTimeoutMs: 200,
        webhook: { url: `${server.url}/v1/chat/completions`, timeoutMs: 60_000 },
        otlp: { endpoint: "http://192.0.2.1:4318", timeoutMs: 60_000 },
      });
      const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
      const openai = obs.observe(client({ kind: "status", status: 500 }));
      await openai.chat.completions.create(CHAT).catch(() => {});
      const before = performance.now();
      const report = await obs.shutdown();
      write.mockRestore();
      expect(performance.now() - before).toBeLessThan(2_000);
      expect(Object.keys(report.lost)).toContainEqual(expect.stringMatching(/^otlp:/) as string);
    } finally {
      await server.close();
    }
  });
});

it("refuses a score without Langfuse, and gives the dashboard that ships", async () => {
  const obs = start();
  const score = { traceId: "a".repeat(32), name: "x", value: 1 };
  await expect(obs.score(score)).rejects.toMatchObject({ code: "LANGFUSE_DISABLED" });
  expect(obs.generateGrafanaDashboard({ title: "Mine" })).toMatchObject({ title: "Mine" });
});

describe("agents and the like", () => {
  it("give events and metrics by one line each, with the LLM calls inside as their own", async () => {
    const obs = start();
    const events = listen(obs);
    const openai = obs.observe(client());
    await obs.session("session-1", () =>
      obs.workflow("support", () =>
        obs.agent({ name: "clerk" }, async () => {
          await obs.retrieval("orders", async () => {});
          await openai.chat.completions.create(CHAT);
          return obs.tool("refund", () =>
            obs.hitl.request("refund").decide("APPROVE", "ann@example.com"),
          );
        }),
      ),
    );
    expect(events.map(({ type }) => type)).toEqual([
      "session_started",
      "workflow_started",
      "agent_processing_started",
      "retrieval_started",
      "retrieval_completed",
      "llm_request_started",
      "llm_request_completed",
      "tool_execution_requested",
      "tool_execution_started",
      "hitl_approval_requested",
      "hitl_decision_made",
      "tool_execution_completed",
      "agent_processing_completed",
      "workflow_completed",
    ]);
    const linked = events.slice(1);
    expect(new Set(linked.map(({ correlationId }) => correlationId)).size).toBe(1);
    expect(new Set(linked.map(({ sessionId }) => sessionId))).toEqual(new Set(["session-1"]));
    expect(new Set(linked.map(({ traceId }) => traceId)).size).toBe(1);
    const page = await pageOf(obs);
    expect(page).toContain('rlm_agent_runs_total{agent="clerk",status="success"} 1\n');
    expect(page).toContain('rlm_tool_executions_total{tool="refund",status="success"} 1\n');
    expect(page).toContain('rlm_hitl_decisions_total{action="refund",decision="APPROVE"} 1\n');
    for (const [name, labels] of [
      ["invoke_agent", 'gen_ai_agent_name="clerk"'],
      ["execute_tool", 'gen_ai_agent_name="clerk"'],
      ["invoke_workflow", 'gen_ai_workflow_name="support"'],
      ["client_operation", 'gen_ai_operation_name="retrieval"'],
    ]) {
      expect(page).toMatch(
        new RegExp(`^gen_ai_${name}_duration_count\\{[^}]*${labels}[^}]*\\} 1$`, "m"),
      );
    }
    expect(page).not.toContain("ann@example.com");
  });

  it("say what an application says of sessions, and its alerts", () => {
    const obs = start();
    const events = listen(obs);
    obs.updateSession("s", { userId: "u" });
    obs.addSessionMessage("s", { role: "user" });
    obs.alert({ name: "quota", severity: "warning", message: "almost used up" });
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ["session_started", {}],
      ["session_updated", { userId: "u" }],
      ["session_message_added", { role: "user" }],
      ["system_alert", { name: "quota", severity: "warning", message: "almost used up" }],
    ]);
  });

  it("run what they are given after shutdown, and tell nobody", async () => {
    const obs = start();
    await obs.shutdown();
    const events = listen(obs);
    expect(obs.agent("a", () => 7)).toBe(7);
    obs.hitl.request("refund").decide("APPROVE");
    obs.updateSession("s", {});
    obs.addSessionMessage("s", { role: "user" });
    obs.alert({ name: "n", severity: "info", message: "m" });
    expect(events).toEqual([]);
  });
});

it.each(["forceFlush", "shutdown"] as const)(
  "%s() awaited in an async handler does not wait for that handler",
  async (method) => {
    const obs = start({ shutdownTimeoutMs: 60_000 });
    const done = new Promise<string>((resolve) => {
      obs.subscribe(
        async ({ type }) => {
          await obs[method]();
          resolve(type);
        },
        { types: ["system_alert"] },
      );
    });
    obs.alert({ name: "over", severity: "warning", message: "it is over" });
    expect(await done).toBe("system_alert");
  },
);
