import fc from "fast-check";
import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createObservability, type Event, type Observability } from "../../src/index.ts";
import { type Behaviour, createSimulatedProvider } from "../../src/testing/index.ts";
import { expectLinked } from "../support/event-links.ts";

const MESSAGES = [{ role: "user" as const, content: "My order came broken." }];
const TOOLS = [
  { type: "function" as const, function: { name: "refund", description: "", parameters: {} } },
];

let obs: Observability;
let openai: OpenAI;
let events: Event[];

beforeEach(() => {
  ({ obs, openai, events } = start());
});
afterEach(async () => {
  await obs.shutdown();
});

function start() {
  const plan = ({ model }: { model: string }): Behaviour => {
    if (model === "refused") return { kind: "status", status: 400 };
    if (model === "hangs") return { kind: "hang" };
    return { kind: "answer", promptTokens: 5, completionTokens: 3, content: "One two three" };
  };
  const { fetch } = createSimulatedProvider({ plan });
  const made = createObservability({
    server: { enabled: false },
    log: { destination: "off" },
    shutdownTimeoutMs: 1_000,
  });
  const seen: Event[] = [];
  made.subscribe((event) => void seen.push(event), { name: "test" });
  const client = new OpenAI({ apiKey: "sk-test", fetch, maxRetries: 0 });
  return { obs: made, openai: made.observe(client), events: seen };
}

const create = (model: string, options: OpenAI.RequestOptions = {}) =>
  openai.chat.completions.create({ model, messages: MESSAGES, tools: TOOLS }, options);

describe("an agent whose model asks for a tool that a person has to approve", () => {
  async function support(decide: (approval: ReturnType<Observability["hitl"]["request"]>) => void) {
    return obs.agent("support", async () => {
      const answer = await create("gpt-4o-mini");
      const [asked] = answer.choices[0]?.message.tool_calls ?? [];
      await obs.tool({ name: "refund", callId: asked?.id ?? "" }, async () => {
        const approval = obs.hitl.request({ action: "refund", tool: "refund", id: "approval-1" });
        // somewhere else: another request to the application's server, outside of the agent
        await new Promise<void>((resolve) => {
          setImmediate(() => {
            decide(approval);
            resolve();
          });
        });
      });
      await create("gpt-4o");
    });
  }

  const CHAIN = [
    ["agent_processing_started", undefined],
    ["llm_request_started", "agent_processing_started"],
    ["llm_request_completed", "llm_request_started"],
    ["tool_execution_requested", "llm_request_completed"],
    ["tool_execution_started", "tool_execution_requested"],
    ["tool_approval_required", "tool_execution_started"],
    ["hitl_approval_requested", "tool_approval_required"],
    ["hitl_decision_made", "hitl_approval_requested"],
    ["tool_execution_completed", "tool_execution_started"],
    ["llm_request_started", "agent_processing_started"],
    ["llm_request_completed", "llm_request_started"],
    ["agent_processing_completed", "agent_processing_started"],
  ];

  function chain() {
    const typeOf = new Map(events.map(({ id, type }) => [id, type]));
    return events.map(({ type, causationId }) => [type, typeOf.get(causationId ?? "")]);
  }

  it("is one chain, from the first word to the decision and its actor", async () => {
    await support((approval) => approval.decide("APPROVE", "ann@example.com"));
    expect(chain()).toEqual(CHAIN);
    expectLinked(events, 1);
    expect(events.find(({ type }) => type === "hitl_decision_made")).toMatchObject({
      data: { approvalId: "approval-1", decision: "APPROVE", actor: "ann@example.com" },
    });
  });

  it("is the same chain when nobody decides in time", async () => {
    await support((approval) => approval.timeout());
    expect(chain()).toEqual(
      CHAIN.map(([type, cause]) => [type === "hitl_decision_made" ? "hitl_timeout" : type, cause]),
    );
    expectLinked(events, 1);
  });

  it("ends once, whoever decides how often", async () => {
    await support((approval) => {
      approval.decide("REJECT", "ben");
      approval.decide("APPROVE", "ann");
      approval.timeout();
    });
    expectLinked(events, 1);
    expect(events.filter(({ category }) => category === "hitl")).toHaveLength(2);
  });

  it("is in its session, all of it", async () => {
    await obs.session("session-1", () => support((approval) => approval.decide("APPROVE")));
    expect(new Set(events.map(({ sessionId }) => sessionId))).toEqual(new Set(["session-1"]));
    expectLinked(events, 1);
  });
});

type Node =
  | { kind: "call"; how: "answered" | "refused" | "aborted" | "streamed" | "left" }
  | { kind: "approval"; how: "decided" | "late" | "timeout" | "never"; tool: boolean }
  | {
      kind: "agent" | "tool" | "retrieval" | "workflow";
      how: How;
      parallel: boolean;
      inside: Node[];
    };
type How = "returns" | "throws" | "rejects" | "aborts" | "streams" | "stream fails" | "stream left";

const { tree } = fc.letrec<{ tree: Node; node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({
      kind: fc.constant("call" as const),
      how: fc.constantFrom("answered", "refused", "aborted", "streamed", "left"),
    }),
    fc.record({
      kind: fc.constant("approval" as const),
      how: fc.constantFrom("decided", "late", "timeout", "never"),
      tool: fc.boolean(),
    }),
    tie("tree"),
  ),
  tree: fc.record({
    kind: fc.constantFrom("agent", "tool", "retrieval", "workflow"),
    how: fc.constantFrom<How>(
      "returns",
      "throws",
      "rejects",
      "aborts",
      "streams",
      "stream fails",
      "stream left",
    ),
    parallel: fc.boolean(),
    inside: fc.array(tie("node"), { maxLength: 3 }),
  }),
}));

/** Runs what a node stands for; what fails in it stays in it. */
async function run(node: Node): Promise<void> {
  if (node.kind === "call") return call(node.how);
  if (node.kind === "approval") return ask(node.how, node.tool);
  const { kind, how, parallel, inside } = node;
  const children = async () => {
    if (parallel) await Promise.all(inside.map(run));
    else for (const child of inside) await run(child);
  };
  const name = { agent: `a${inside.length}`, tool: "t", retrieval: "r", workflow: "w" }[kind];
  try {
    if (!how.startsWith("stream")) return await obs[kind](name, () => act(how, children));
    for await (const piece of obs[kind](name, () => stream(how, children))) {
      if (how === "stream left" && piece === 1) break;
    }
  } catch (error) {
    if (!(error instanceof Error && error.message === "of the application")) throw error;
  }
}

function act(how: How, children: () => Promise<void>): Promise<void> {
  if (how === "throws") throw new Error("of the application");
  return children().then(() => {
    if (how === "rejects") throw new Error("of the application");
    if (how === "aborts") {
      throw Object.assign(new Error("of the application"), { name: "AbortError" });
    }
  });
}

async function* stream(how: How, children: () => Promise<void>) {
  await children();
  yield 1;
  if (how === "stream fails") throw new Error("of the application");
  yield 2;
}

async function call(how: (Node & { kind: "call" })["how"]): Promise<void> {
  const signal = AbortSignal.timeout(5);
  if (how === "answered") await create("gpt-4o-mini");
  else if (how === "refused") await create("refused").catch(() => {});
  else if (how === "aborted") await create("hangs", { signal }).catch(() => {});
  else {
    const request = { model: "gpt-4o-mini", messages: MESSAGES, stream: true as const };
    for await (const _chunk of await openai.chat.completions.create(request)) {
      if (how === "left") break;
    }
  }
}

async function ask(how: (Node & { kind: "approval" })["how"], tool: boolean): Promise<void> {
  const approval = obs.hitl.request({ action: "pay", ...(tool && { tool: "t" }) });
  if (how === "never") return;
  if (how === "late") await new Promise(setImmediate);
  if (how === "timeout") approval.timeout();
  else approval.decide("APPROVE", "ann");
}

describe("whatever an application does inside what", () => {
  it("is linked, and ends exactly once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: 3 }), async (trees) => {
        ({ obs, openai, events } = start());
        await Promise.all(trees.map(run));
        // what nobody has decided ends with the observation
        expect(await obs.shutdown()).toMatchObject({ lost: {}, timedOut: false });
        expectLinked(events, trees.length);
      }),
      { numRuns: 60 },
    );
  });
});
