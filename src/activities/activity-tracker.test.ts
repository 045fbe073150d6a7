import { describe, expect, it } from "vitest";
import {
  type ObservedActivities,
  observedActivities,
} from "../../test/support/observed-activities.ts";
import type { EndedActivity } from "../events/index.ts";
import {
  describeAgent,
  describeRetrieval,
  describeTool,
  describeWorkflow,
} from "./describe-activity.ts";

const agent = <T>({ tracker }: ObservedActivities, name: string, fn: () => T) =>
  tracker.run((around) => describeAgent(name, around), fn);
const tool = <T>({ tracker }: ObservedActivities, name: string, fn: () => T) =>
  tracker.run((around) => describeTool(name, around), fn);

describe("events", () => {
  it("tell all that was said of an agent, its session, what it did, and how long it took", () => {
    let nowMs = 1_000;
    const observed = observedActivities({ now: () => nowMs });
    const { store, tracker, events } = observed;
    const spec = {
      name: "chef",
      id: "agent-1",
      version: "2",
      description: "cooks",
      provider: "openai",
      model: "gpt-4o",
    };
    const context = { sessionId: "session-1", userId: "user-1" };
    store.withContext(context, () =>
      tracker.run(
        (around) => describeAgent(spec, around),
        () => {
          observed.call();
          tool(observed, "scales", () => observed.call());
          nowMs = 1_250;
        },
      ),
    );
    const data = {
      agent: "chef",
      agentId: "agent-1",
      agentVersion: "2",
      provider: "openai",
      model: "gpt-4o",
      conversationId: "session-1",
      context,
    };
    expect(events[0]).toEqual({
      id: expect.any(String) as string,
      type: "agent_processing_started",
      category: "agent",
      timestamp: 1_000,
      sessionId: "session-1",
      correlationId: expect.any(String) as string,
      data,
    });
    expect(events.at(-1)).toEqual({
      ...events[0],
      id: expect.any(String) as string,
      type: "agent_processing_completed",
      timestamp: 1_250,
      causationId: events[0]?.id,
      data: { ...data, outcome: "success", durationMs: 250, llmCalls: 2, toolCalls: 1 },
    });
  });

  it("of tools, retrievals and workflows tell what was said of them, and the agent they work for", () => {
    const { tracker, ofType } = observedActivities({ now: () => 0 });
    tracker.run(
      (around) => describeWorkflow("dinner", around),
      () =>
        tracker.run(
          (around) => describeAgent("chef", around),
          () => {
            const call = { name: "scales", callId: "call_1", type: "function" as const };
            tracker.run(
              (around) => describeTool(call, around),
              () => {},
            );
            const source = { dataSourceId: "recipes", provider: "p", model: "m", topK: 3 };
            tracker.run(
              (around) => describeRetrieval(source, around),
              () => {},
            );
          },
        ),
    );
    const ended = { outcome: "success", durationMs: 0, context: {} };
    expect(ofType("tool_execution_completed")[0]?.data).toEqual({
      tool: "scales",
      toolCallId: "call_1",
      toolType: "function",
      agent: "chef",
      ...ended,
    });
    expect(ofType("retrieval_completed")[0]?.data).toEqual({
      dataSource: "recipes",
      provider: "p",
      model: "m",
      topK: 3,
      agent: "chef",
      ...ended,
    });
    expect(ofType("workflow_completed")[0]?.data).toEqual({ workflow: "dinner", ...ended });
  });

  it("chain workflow, agent, answer and tool by their causes, under one correlation id", () => {
    const observed = observedActivities();
    observed.tracker.run(
      (around) => describeWorkflow("dinner", around),
      () =>
        agent(observed, "chef", () => {
          tool(observed, "larder", () => {});
          observed.call(1);
          tool(observed, "scales", () => observed.call());
        }),
    );
    const { events, ofType } = observed;
    expect(new Set(events.map(({ correlationId }) => correlationId)).size).toBe(1);
    const causeOf = (type: string) =>
      events
        .filter((event) => event.type === type)
        .map(({ causationId }) => events.find(({ id }) => id === causationId)?.type);
    expect(causeOf("workflow_started")).toEqual([undefined]);
    expect(causeOf("agent_processing_started")).toEqual(["workflow_started"]);
    expect(causeOf("tool_execution_requested")).toEqual([
      "agent_processing_started",
      "llm_request_completed",
    ]);
    expect(causeOf("tool_execution_started")).toEqual([
      "tool_execution_requested",
      "tool_execution_requested",
    ]);
    expect(causeOf("llm_request_started")).toEqual([
      "agent_processing_started",
      "tool_execution_started",
    ]);
    expect(causeOf("llm_request_completed")).toEqual([
      "llm_request_started",
      "llm_request_started",
    ]);
    expect(causeOf("tool_execution_completed")).toEqual([
      "tool_execution_started",
      "tool_execution_started",
    ]);
    expect(causeOf("workflow_completed")).toEqual(["workflow_started"]);
    expect(ofType("llm_request_started")[0]?.id).not.toBe(ofType("llm_request_started")[1]?.id);
  });

  it("have a correlation id of their own outside of everything else", () => {
    const observed = observedActivities();
    agent(observed, "a", () => {});
    agent(observed, "b", () => {});
    observed.call();
    expect(new Set(observed.events.map(({ correlationId }) => correlationId)).size).toBe(3);
  });

  it("count for an inner agent what it did itself, and not for the outer one again", () => {
    const observed = observedActivities();
    agent(observed, "outer", () => {
      observed.call();
      agent(observed, "inner", () => tool(observed, "t", () => observed.call()));
    });
    expect(
      observed
        .ofType("agent_processing_completed")
        .map(({ data }) => [data.agent, data.llmCalls, data.toolCalls]),
    ).toEqual([
      ["inner", 1, 1],
      ["outer", 1, 0],
    ]);
  });
});

describe("a switch of agents", () => {
  it("is told when another agent of the session is entered, caused by the one that hands over", () => {
    const observed = observedActivities();
    const { store, ofType } = observed;
    store.withContext({ sessionId: "s" }, () =>
      agent(observed, "orchestrator", () =>
        tool(observed, "hand_over", () => agent(observed, "coder", () => {})),
      ),
    );
    expect(ofType("agent_switched")).toMatchObject([
      {
        sessionId: "s",
        causationId: ofType("tool_execution_started")[0]?.id,
        data: { from: "orchestrator", to: "coder", context: { sessionId: "s" } },
      },
    ]);
  });

  it("is told by the application where nobody is entered inside of anybody", () => {
    const observed = observedActivities({ now: () => 7 });
    const { store, tracker, ofType } = observed;
    const context = { sessionId: "s" };
    store.withContext(context, () =>
      agent(observed, "orchestrator", () => tracker.switchAgent("coder", "orchestrator")),
    );
    tracker.switchAgent("coder", "coder");
    tracker.switchAgent("tester", undefined);
    const [started] = ofType("agent_processing_started");
    expect(ofType("agent_switched")).toEqual([
      {
        id: expect.any(String) as string,
        type: "agent_switched",
        category: "agent",
        timestamp: 7,
        sessionId: "s",
        correlationId: started?.correlationId,
        causationId: started?.id,
        data: { from: "orchestrator", to: "coder", context },
      },
      {
        id: expect.any(String) as string,
        type: "agent_switched",
        category: "agent",
        timestamp: 7,
        correlationId: expect.any(String) as string,
        data: { from: "unknown", to: "tester", context: {} },
      },
    ]);
    tracker.shutdown();
    tracker.switchAgent("a", "b");
    expect(ofType("agent_switched")).toHaveLength(2);
  });

  it("is none when an agent enters itself, or one of another session", () => {
    const observed = observedActivities();
    agent(observed, "a", () => agent(observed, "a", () => {}));
    agent(observed, "a", () =>
      observed.store.withContext({ sessionId: "other" }, () => agent(observed, "b", () => {})),
    );
    expect(observed.ofType("agent_switched")).toEqual([]);
  });
});

describe("the function", () => {
  it("runs once and at once, and what it returns or throws is its own", () => {
    const observed = observedActivities();
    const value = { answer: 42 };
    let runs = 0;
    const run = () => {
      runs += 1;
      return value;
    };
    expect(agent(observed, "a", run)).toBe(value);
    expect(runs).toBe(1);
    const error = Object.assign(new Error("secret"), { code: "E_MINE" });
    expect(() =>
      agent(observed, "a", () => {
        throw error;
      }),
    ).toThrow(error);
    expect(observed.ofType("agent_error").map(({ data }) => data)).toMatchObject([
      { outcome: "error", errorType: "E_MINE" },
    ]);
    expect(JSON.stringify(observed.events)).not.toContain("secret");
  });

  it("runs once when what encloses it throws, before or after", async () => {
    const boom = () => {
      throw new Error("tracer");
    };
    const arounds = [
      { open: boom },
      { open: () => ({ run: boom, close: boom }) },
      {
        open: () => ({
          run<T>(fn: () => T): T {
            fn();
            throw new Error("after");
          },
          close: () => {},
        }),
      },
    ];
    for (const around of arounds) {
      const observed = observedActivities({ around });
      let runs = 0;
      const result = await agent(observed, "a", async () => {
        runs += 1;
        return runs;
      });
      expect([result, runs]).toEqual([1, 1]);
      expect(observed.problems).toHaveLength(1);
    }
  });

  it("that is stopped by a signal or a time-out was aborted, with no error of its own", async () => {
    const observed = observedActivities();
    const reasons = [
      new DOMException("mine", "AbortError"),
      new DOMException("late", "TimeoutError"),
    ];
    for (const reason of reasons) {
      await expect(agent(observed, "a", () => Promise.reject(reason))).rejects.toBe(reason);
    }
    expect(
      observed.ofType("agent_error").map(({ data }) => [data.outcome, data.errorType]),
    ).toEqual([
      ["aborted", "signal"],
      ["aborted", "timeout"],
    ]);
  });

  it("is simply called after shutdown, when all that were under way have ended as abandoned", async () => {
    const observed = observedActivities();
    let finish = () => {};
    const pending = agent(observed, "a", () => new Promise<void>((resolve) => (finish = resolve)));
    observed.tracker.shutdown();
    expect(observed.ofType("agent_error").map(({ data }) => data)).toMatchObject([
      { outcome: "abandoned", errorType: "shutdown" },
    ]);
    expect(agent(observed, "b", () => 7)).toBe(7);
    finish();
    await pending;
    expect(observed.events).toHaveLength(2);
  });

  it("may be given any name: what is none, or too long, is unknown", () => {
    const observed = observedActivities();
    for (const name of ["", "x".repeat(257), 7]) {
      agent(observed, name as string, () => {});
    }
    observed.tracker.run(
      (around) => describeAgent(null as never, around),
      () => {},
    );
    expect(observed.ofType("agent_processing_started").map(({ data }) => data.agent)).toEqual(
      Array.from({ length: 3 }, () => "unknown"),
    );
    expect(observed.problems).toEqual([expect.stringContaining("could not be observed")]);
  });
});

it("closes what it was enclosed in with the ending, before the event is published", () => {
  const closed: EndedActivity[] = [];
  const ids = { traceId: "a".repeat(32), spanId: "b".repeat(16) };
  const observed = observedActivities({
    now: () => 5,
    around: {
      open: () => ({ ...ids, run: (fn) => fn(), close: (end) => void closed.push(end) }),
    },
  });
  agent(observed, "a", () => expect(observed.types()).toEqual(["agent_processing_started"]));
  expect(closed).toEqual([{ ending: { outcome: "success" }, durationMs: 0 }]);
  expect(observed.events).toMatchObject([ids, ids]);
});
