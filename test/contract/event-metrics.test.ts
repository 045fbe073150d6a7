import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createObservability, type Event, type Observability } from "../../src/index.ts";

/** What an application does: agents and tools in one another, decisions of people at the leaves. */
interface Step {
  readonly kind: "agent" | "tool" | "approval";
  readonly name: string;
  readonly end: "returns" | "throws" | "aborts" | "streams" | "leaves its stream";
  readonly decision: "APPROVE" | "REJECT" | "LATER" | undefined;
  readonly children: readonly Step[];
}

function stepOf(depth: number): fc.Arbitrary<Step> {
  return fc.record({
    kind: fc.constantFrom("agent", "agent", "tool", "approval"),
    name: fc.constantFrom("orchestrator", "coder", "tester"),
    end: fc.constantFrom("returns", "returns", "throws", "aborts", "streams", "leaves its stream"),
    decision: fc.constantFrom("APPROVE", "REJECT", "LATER", undefined),
    children: depth === 0 ? fc.constant([]) : fc.array(stepOf(depth - 1), { maxLength: 3 }),
  });
}

let obs: Observability;
let events: Event[];
beforeEach(() => {
  obs = createObservability({
    server: { enabled: false },
    log: { destination: "off" },
    metrics: { process: false },
  });
  events = [];
  obs.subscribe((event) => events.push(event));
});
afterEach(async () => void (await obs.shutdown()));

async function perform(step: Step): Promise<void> {
  await setImmediate();
  if (step.kind === "approval") return decide(step);
  const run = step.kind === "agent" ? obs.agent : obs.tool;
  if (step.end === "streams" || step.end === "leaves its stream") {
    for await (const _piece of run(step.name, () => pieces(step))) {
      if (step.end === "leaves its stream") break;
    }
    return;
  }
  await run(step.name, async () => {
    for (const child of step.children) await perform(child);
    if (step.end === "throws") throw new Error("of the application");
    if (step.end === "aborts") AbortSignal.abort().throwIfAborted();
  }).catch(() => {});
}

async function* pieces(step: Step): AsyncGenerator<number> {
  for (const [index, child] of step.children.entries()) {
    await perform(child);
    yield index;
  }
  yield -1;
}

function decide({ name, decision }: Step): void {
  const approval = obs.hitl.request({ action: "deploy", tool: name });
  if (decision !== undefined) approval.decide(decision, "ann");
}

const ofType = <T extends Event["type"]>(...types: T[]) =>
  events.filter((event): event is Extract<Event, { type: T }> =>
    (types as string[]).includes(event.type),
  );

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Durations are rounded, and added up in another order: compared to a hundredth of a millisecond. */
const about = (value: number): unknown => expect.closeTo(value, 2);

/** What the events say of the agents `only`, or of all. */
function agentsOf(only?: string) {
  const isOf = ({ data }: { readonly data: { readonly agent: string } }) =>
    only === undefined || data.agent === only;
  const ends = ofType("agent_processing_completed", "agent_error").filter(isOf);
  return {
    started: ofType("agent_processing_started").filter(isOf).length,
    count: ends.length,
    completed: ends.filter(({ type }) => type === "agent_processing_completed").length,
    failed: ends.filter(({ type }) => type === "agent_error").length,
    total_duration_ms: about(sum(ends.map(({ data }) => data.durationMs))),
  };
}

function toolsOf(only?: string) {
  const isOf = ({ data }: { readonly data: { readonly tool: string } }) =>
    only === undefined || data.tool === only;
  const ends = ofType("tool_execution_completed", "tool_execution_failed").filter(isOf);
  return {
    requested: ofType("tool_execution_requested").filter(isOf).length,
    approval_required: ofType("tool_approval_required").filter(isOf).length,
    started: ofType("tool_execution_started").filter(isOf).length,
    completed: ends.filter(({ type }) => type === "tool_execution_completed").length,
    failed: ends.filter(({ type }) => type === "tool_execution_failed").length,
    total_duration_ms: about(sum(ends.map(({ data }) => data.durationMs))),
  };
}

function namesIn(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function expectSnapshot(): void {
  const decisions = ofType("hitl_decision_made");
  const agents = namesIn(ofType("agent_processing_started").map(({ data }) => data.agent));
  const tools = namesIn(
    ofType("tool_execution_requested", "tool_approval_required").map(({ data }) => data.tool),
  );
  const failures = ofType("agent_error", "tool_execution_failed").filter(
    ({ data }) => data.outcome === "error",
  );
  const { metrics, computed } = obs.eventMetrics.snapshot();
  expect(metrics).toEqual({
    agent_switches: countBy(
      ofType("agent_switched"),
      ({ data: { from, to } }) => `${from}_to_${to}`,
    ),
    agent_processing: {
      ...agentsOf(),
      by_agent: Object.fromEntries(agents.map((agent) => [agent, agentsOf(agent)])),
    },
    tool_executions: {
      ...toolsOf(),
      by_tool: Object.fromEntries(tools.map((tool) => [tool, toolsOf(tool)])),
    },
    hitl_decisions: countBy(decisions, ({ data }) => data.decision),
    hitl_requests: {
      requested: ofType("hitl_approval_requested").length,
      decided: decisions.length,
      timed_out: ofType("hitl_timeout").length,
      total_wait_ms: about(sum(decisions.map(({ data }) => data.waitedMs))),
    },
    errors: countBy(failures, ({ type }) => type),
  });
  for (const agent of agents) {
    const { count, total_duration_ms } = metrics.agent_processing.by_agent[agent] ?? {};
    expect(computed[`${agent}_avg_duration_ms`]).toBeCloseTo(
      (total_duration_ms ?? 0) / (count ?? 0),
      2,
    );
    expect(obs.eventMetrics.averageDurationMs(agent)).toBe(computed[`${agent}_avg_duration_ms`]);
  }
  for (const tool of tools) {
    const { completed = 0, failed = 0 } = metrics.tool_executions.by_tool[tool] ?? {};
    const rate = completed + failed === 0 ? undefined : completed / (completed + failed);
    expect(computed[`${tool}_success_rate`]).toBe(rate);
    expect(obs.eventMetrics.successRate(tool)).toBe(rate);
  }
}

/** The same figures on `/metrics`. */
async function expectPrometheus(): Promise<void> {
  const page = await (await obs.handler(new Request("http://localhost/metrics"))).text();
  const total = (metric: string, where = "") =>
    sum(
      page
        .split("\n")
        .filter((line) => /^[a-z_]+/.exec(line)?.[0] === metric && line.includes(where))
        .map((line) => Number(line.slice(line.lastIndexOf(" ")))),
    );
  const { metrics } = obs.eventMetrics.snapshot();
  const { agent_processing: agents, tool_executions: tools, hitl_requests: hitl } = metrics;
  const decisions = metrics.hitl_decisions;
  expect({
    runs: total("rlm_agent_runs_total"),
    completed: total("rlm_agent_runs_total", 'status="success"'),
    active: total("rlm_agent_active"),
    errors: total("rlm_agent_errors_total"),
    switches: total("rlm_agent_switches_total"),
    agentSeconds: total("rlm_agent_duration_seconds_sum"),
    requested: total("rlm_tool_requests_total"),
    approvals: total("rlm_tool_approvals_required_total"),
    executions: total("rlm_tool_executions_total"),
    toolsActive: total("rlm_tool_active"),
    toolErrors: total("rlm_tool_errors_total"),
    toolSeconds: total("rlm_tool_duration_seconds_sum"),
    asked: total("rlm_hitl_requests_total"),
    pending: total("rlm_hitl_pending"),
    approved: total("rlm_hitl_decisions_total", 'decision="APPROVE"'),
    decided: total("rlm_hitl_decisions_total"),
    timeouts: total("rlm_hitl_timeouts_total"),
    waitSeconds: total("rlm_hitl_wait_seconds_sum"),
  }).toEqual({
    runs: agents.count,
    completed: agents.completed,
    active: agents.started - agents.count,
    errors: metrics.errors["agent_error"] ?? 0,
    switches: obs.eventMetrics.switchCount(),
    agentSeconds: expect.closeTo(agents.total_duration_ms / 1_000, 4),
    requested: tools.requested,
    approvals: tools.approval_required,
    executions: tools.completed + tools.failed,
    toolsActive: tools.started - tools.completed - tools.failed,
    toolErrors: metrics.errors["tool_execution_failed"] ?? 0,
    toolSeconds: expect.closeTo(tools.total_duration_ms / 1_000, 4),
    asked: hitl.requested,
    pending: hitl.requested - hitl.decided - hitl.timed_out,
    approved: decisions["APPROVE"] ?? 0,
    decided: hitl.decided,
    timeouts: hitl.timed_out,
    waitSeconds: expect.closeTo(hitl.total_wait_ms / 1_000, 4),
  });
}

describe("whatever agents, tools and people do", () => {
  it("the figures are what the events add up to, and the same for Prometheus", async () => {
    const scenarios = fc.array(fc.tuple(stepOf(3), fc.nat({ max: 5 })), {
      minLength: 20,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(scenarios, async (steps) => {
        await Promise.all(
          steps.map(async ([root, session]) => obs.session(`s${session}`, () => perform(root))),
        );
        expectSnapshot();
        await expectPrometheus();
      }),
      { numRuns: 8 },
    );
  }, 20_000);
});

describe("the agent context of 200 sessions at once", () => {
  it("has for each the agent that is at work there, and its history", async () => {
    const sessions = Array.from({ length: 200 }, (_, index) => `s${index}`);
    const seen: string[] = [];
    const look = (session: string, expected: string) => {
      const { agent, running } = obs.agentContext.current(session) ?? {};
      if (agent !== `${expected} of ${session}` || running !== true)
        seen.push(`${session} ${agent}`);
    };
    await Promise.all(
      sessions.map(async (session, index) =>
        obs.session(session, () =>
          obs.agent(`orchestrator of ${session}`, async () => {
            for (let turn = 0; turn < index % 4; turn += 1) await setImmediate();
            look(session, "orchestrator");
            await obs.agent(`coder of ${session}`, async () => {
              await setImmediate();
              look(session, "coder");
            });
            look(session, "orchestrator");
          }),
        ),
      ),
    );
    expect(seen).toEqual([]);
    for (const session of sessions) {
      expect(obs.agentContext.current(session)).toMatchObject({
        agent: `orchestrator of ${session}`,
        running: false,
      });
      expect(obs.agentContext.history(session)).toMatchObject([
        { agent: `orchestrator of ${session}`, outcome: "success" },
        { agent: `coder of ${session}`, from: `orchestrator of ${session}`, outcome: "success" },
      ]);
    }
  });
});
