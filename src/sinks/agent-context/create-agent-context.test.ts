import { beforeEach, describe, expect, it } from "vitest";
import { plainAnswer } from "../../../test/support/llm-events.ts";
import {
  type ActivityOutcome,
  createEvent,
  type Event,
  type EventData,
  type EventType,
} from "../../events/index.ts";
import { type AgentContextSink, createAgentContext } from "./create-agent-context.ts";

const RETENTION_MS = 1_000;
const context = {};

let nowMs: number;
let evicted: string[];
let sink: AgentContextSink;
beforeEach(() => {
  nowMs = 0;
  create(10);
});

function create(maxSessions: number): void {
  evicted = [];
  const onEvicted = (record: string) => void evicted.push(record);
  const bounds = { maxSessions, retentionMs: RETENTION_MS };
  sink = createAgentContext({ ...bounds, now: () => nowMs, onEvicted });
}

function tell<T extends EventType>(type: T, data: EventData[T], causationId?: string): string {
  expect(sink.types).toContain(type);
  const event = createEvent(type, data, nowMs, { sessionId: "s", causationId }) as Event;
  sink.handle(event);
  return event.id;
}

const enter = (agent: string) => tell("agent_processing_started", { agent, context });

function leave(startedId: string, outcome: ActivityOutcome = "success"): void {
  const data = { agent: "", context, llmCalls: 0, toolCalls: 0, durationMs: 1 };
  if (outcome === "success") {
    tell("agent_processing_completed", { ...data, outcome }, startedId);
  } else tell("agent_error", { ...data, outcome, errorType: "E" }, startedId);
}

const current = () => sink.context.current("s");

describe("the current agent", () => {
  it("is the one entered last that still runs", () => {
    expect(current()).toBeUndefined();
    const outer = enter("orchestrator");
    nowMs = 10;
    const inner = enter("coder");
    nowMs = 20;
    expect(current()).toEqual({ agent: "coder", running: true, since: 10, lastActivity: 10 });
    leave(inner);
    expect(current()).toEqual({ agent: "orchestrator", running: true, since: 0, lastActivity: 20 });
    leave(outer);
    expect(current()).toMatchObject({ agent: "orchestrator", running: false });
  });

  it("is, of several at once, any that runs", () => {
    const [a, b, c] = [enter("a"), enter("b"), enter("c")];
    leave(b);
    expect(current()?.agent).toBe("c");
    leave(c);
    expect(current()?.agent).toBe("a");
    leave(a);
    expect(current()).toMatchObject({ agent: "a", running: false });
  });

  it("is the one that the session was handed over to, before it is entered and after who handed over has ended", () => {
    const orchestrator = enter("orchestrator");
    nowMs = 10;
    tell("agent_switched", { from: "orchestrator", to: "coder", context });
    const handedOver = { agent: "coder", running: false, since: 10 };
    expect(current()).toEqual({ ...handedOver, lastActivity: 10 });
    nowMs = 20;
    leave(orchestrator);
    expect(current()).toEqual({ ...handedOver, lastActivity: 20 });
    nowMs = 30;
    const coder = enter("coder");
    expect(current()).toEqual({ agent: "coder", running: true, since: 30, lastActivity: 30 });
    leave(coder);
    expect(sink.context.history("s")).toMatchObject([
      { agent: "orchestrator" },
      { agent: "coder", from: "orchestrator", startedAt: 30 },
    ]);
  });

  it("is the one of a session that begins with a handover", () => {
    tell("agent_switched", { from: "unknown", to: "coder", context });
    expect(current()?.agent).toBe("coder");
    expect(sink.context.history("s")).toEqual([]);
  });

  it("was last active with whatever was heard of the session last", () => {
    enter("a");
    nowMs = 50;
    const { context: _none, ...answer } = plainAnswer;
    tell("llm_request_completed", { ...answer, context: { sessionId: "s" } });
    expect(current()).toEqual({ agent: "a", running: true, since: 0, lastActivity: 50 });
  });
});

describe("the history", () => {
  it("has each run with who handed over to it and how it ended", () => {
    const outer = enter("orchestrator");
    nowMs = 5;
    tell("agent_switched", { from: "orchestrator", to: "coder", context });
    leave(enter("coder"), "error");
    nowMs = 9;
    enter("tester");
    leave(outer, "aborted");
    expect(sink.context.history("s")).toEqual([
      { agent: "orchestrator", startedAt: 0, endedAt: 9, outcome: "aborted" },
      { agent: "coder", from: "orchestrator", startedAt: 5, endedAt: 5, outcome: "error" },
      { agent: "tester", startedAt: 9 },
    ]);
    expect(sink.context.history("t")).toEqual([]);
  });

  it("is bounded, ends that never come included", () => {
    for (let index = 0; index < 100; index += 1) enter(`a${index}`);
    leave("of a start that was lost");
    const history = sink.context.history("s");
    expect(history.map(({ agent }) => agent)).toEqual(
      Array.from({ length: 32 }, (_, index) => `a${68 + index}`),
    );
  });
});

describe("sessions", () => {
  it("without an agent take no room", () => {
    tell("tool_execution_started", { tool: "t", context });
    expect(current()).toBeUndefined();
  });

  it("are forgotten when nothing was heard of them", () => {
    enter("a");
    nowMs = RETENTION_MS;
    expect(current()).toBeUndefined();
    expect(sink.context.history("s")).toEqual([]);
  });

  it("are bounded, and counted past it", () => {
    create(2);
    for (const sessionId of ["a", "b", "c"]) {
      const data = { agent: sessionId, context };
      sink.handle(createEvent("agent_processing_started", data, nowMs, { sessionId }));
    }
    sink.handle(createEvent("agent_processing_started", { agent: "x", context }, nowMs));
    expect(sink.context.current("a")).toBeUndefined();
    expect(sink.context.current("b")?.agent).toBe("b");
    expect(evicted).toEqual(["agent_context"]);
  });
});
