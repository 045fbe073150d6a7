import { beforeEach, describe, expect, it } from "vitest";
import { completed, failed, plainAnswer, plainCall } from "../../../test/support/llm-events.ts";
import { createEvent, type CallContext, type Event, type EventOf } from "../../events/index.ts";
import { createSessions, type Sessions } from "./create-sessions.ts";

const IDLE_MS = 1_000;

let nowMs: number;
let events: Event[];
let sessions: Sessions;

beforeEach(() => {
  nowMs = 10_000;
  events = [];
  sessions = create();
});

function create(maxActive = 100): Sessions {
  return createSessions({
    publish: (event) => void events.push(event),
    maxActive,
    idleMs: IDLE_MS,
    now: () => nowMs,
  });
}

function startCall(context: CallContext): void {
  sessions.handle(createEvent("llm_request_started", { ...plainCall, context }, nowMs));
}

function finishCall(sessionId: string | undefined, totalUsd?: number): void {
  const event = completed({
    ...plainAnswer,
    context: { ...(sessionId !== undefined && { sessionId }) },
    usage: { inputTokens: 10, outputTokens: 5 },
    ...(totalUsd !== undefined && {
      cost: { totalUsd, inputUsd: totalUsd, outputUsd: 0, source: "table" },
    }),
  });
  sessions.handle(event);
}

function ended(): readonly EventOf<"session_ended">[] {
  return events.filter((event) => event.type === "session_ended");
}

describe("a session", () => {
  it("leaves the metadata that it was given to the application", () => {
    const metadata = { plan: "free" };
    sessions.start("s", metadata);
    metadata.plan = "paid";
    expect(events[0]?.data).toEqual({ metadata: { plan: "free" } });
  });

  it("tells what the application says anew, and that something was said, but not what", () => {
    sessions.update("s", { userId: "u", metadata: { plan: "paid" } });
    nowMs += IDLE_MS - 1;
    sessions.addMessage("s", { role: "user", messageId: "m1", content: "secret" } as never);
    nowMs += IDLE_MS - 1;
    sessions.update("s", {});
    expect(events.map(({ type, sessionId, data }) => [type, sessionId, data])).toEqual([
      ["session_started", "s", {}],
      ["session_updated", "s", { userId: "u", metadata: { plan: "paid" } }],
      ["session_message_added", "s", { role: "user", messageId: "m1" }],
      ["session_updated", "s", {}],
    ]);
  });

  it("starts with an agent, a tool or the like as well, which keep it active", () => {
    const context = { sessionId: "s", userId: "u" };
    const begin = () =>
      sessions.handle(createEvent("agent_processing_started", { agent: "a", context }, nowMs));
    begin();
    nowMs += IDLE_MS - 1;
    begin();
    nowMs += IDLE_MS - 1;
    expect(sessions.activeCount()).toBe(1);
    expect(events).toMatchObject([{ type: "session_started", data: { userId: "u" } }]);
  });

  it("starts with its first call, with the user, and once", () => {
    startCall({ sessionId: "s", userId: "u" });
    startCall({ sessionId: "s", userId: "u" });
    expect(events).toMatchObject([
      { type: "session_started", sessionId: "s", timestamp: 10_000, data: { userId: "u" } },
    ]);
    expect(sessions.activeCount()).toBe(1);
  });

  it("starts when told, with its metadata", () => {
    sessions.start("s", { plan: "pro" }, "u");
    expect(events[0]?.data).toEqual({ userId: "u", metadata: { plan: "pro" } });
    sessions.start("t");
    expect(events[1]?.data).toEqual({});
  });

  it("does not start for a call without one", () => {
    startCall({});
    finishCall(undefined);
    expect(events).toEqual([]);
  });

  it("ends once, with what it has used to the last token; unknown cost adds nothing", () => {
    sessions.start("s");
    nowMs += 500;
    finishCall("s", 0.25);
    finishCall("s", 0.5);
    finishCall("s");
    const failure = failed("error", "500");
    sessions.handle({
      ...failure,
      data: { ...failure.data, context: { sessionId: "s" } },
    } as Event);
    nowMs += 100;
    sessions.end("s");
    sessions.end("s");
    expect(ended().map(({ data, sessionId }) => ({ sessionId, ...data }))).toEqual([
      {
        sessionId: "s",
        durationMs: 600,
        requests: 4,
        totalTokens: 45,
        costUsd: 0.75,
        reason: "ended",
      },
    ]);
    expect(sessions.activeCount()).toBe(0);
  });

  it("keeps its totals apart from those of others", () => {
    for (const [id, count] of [
      ["a", 3],
      ["b", 1],
      ["c", 2],
    ] as const) {
      sessions.start(id);
      for (let index = 0; index < count; index += 1) finishCall(id, 1);
    }
    sessions.endAll();
    const totals = ended().map(({ sessionId, data }) => [sessionId, data.requests, data.costUsd]);
    expect(totals).toEqual([
      ["a", 3, 3],
      ["b", 1, 1],
      ["c", 2, 2],
    ]);
    expect(sessions.activeCount()).toBe(0);
  });

  it("that has ended starts anew with the next call", () => {
    sessions.start("s");
    finishCall("s", 1);
    sessions.end("s");
    startCall({ sessionId: "s" });
    sessions.end("s");
    expect(ended().map(({ data }) => data.requests)).toEqual([1, 0]);
  });
});

describe("expiry", () => {
  it("comes after the idle time, and counts until the last call", () => {
    sessions.start("s");
    nowMs += 400;
    finishCall("s", 1);
    nowMs += IDLE_MS - 1;
    expect(sessions.activeCount()).toBe(1);
    nowMs += 1;
    expect(sessions.activeCount()).toBe(0);
    expect(ended()[0]?.data).toMatchObject({ reason: "expired", durationMs: 400, requests: 1 });
  });

  it("is put off by each call, of that session only", () => {
    sessions.start("idle");
    sessions.start("busy");
    for (let round = 0; round < 3; round += 1) {
      nowMs += IDLE_MS / 2;
      startCall({ sessionId: "busy" });
    }
    expect(sessions.activeCount()).toBe(1);
    expect(ended().map(({ sessionId }) => sessionId)).toEqual(["idle"]);
  });

  it("is what a session has come to that is ended too late", () => {
    sessions.start("s");
    sessions.start("t");
    nowMs += 5 * IDLE_MS;
    sessions.end("s");
    sessions.endAll();
    expect(ended().map(({ data }) => [data.reason, data.durationMs])).toEqual([
      ["expired", 0],
      ["expired", 0],
    ]);
  });
});

describe("the limit", () => {
  it("evicts the session that has been idle longest", () => {
    sessions = create(3);
    for (const id of ["a", "b", "c"]) sessions.start(id);
    finishCall("a", 1);
    sessions.start("d");
    expect(sessions.activeCount()).toBe(3);
    expect(ended()).toMatchObject([{ sessionId: "b", data: { reason: "evicted" } }]);
    sessions.start("e");
    expect(ended().map(({ sessionId }) => sessionId)).toEqual(["b", "c"]);
  });

  it("holds for any number of sessions, each of which ends once", () => {
    sessions = create(10);
    for (let index = 0; index < 1_000; index += 1) startCall({ sessionId: `s${index}` });
    expect(sessions.activeCount()).toBe(10);
    sessions.endAll();
    expect(new Set(ended().map(({ sessionId }) => sessionId)).size).toBe(1_000);
    expect(ended()).toHaveLength(1_000);
  });
});
