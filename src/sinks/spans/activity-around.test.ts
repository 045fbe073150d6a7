import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { beforeEach, describe, expect, test } from "vitest";
import { plainCall } from "../../../test/support/llm-events.ts";
import { createDiagnostics } from "../../diagnostics/index.ts";
import type { Activity, ActivityEnding } from "../../events/index.ts";
import { semconvProfiles } from "../../semconv/index.ts";
import { createActivityAround } from "./activity-around.ts";
import type { SpanStarter } from "./span-starter.ts";
import { createSpanAround } from "./span-around.ts";

const START_MS = 1_790_000_000_123;
const context = {
  sessionId: "session-1",
  userId: "user-1",
  tags: ["beta"],
  metadata: { seats: 3 },
};
const contextAttributes = {
  "session.id": "session-1",
  "user.id": "user-1",
  "rlm.tags": ["beta"],
  "rlm.metadata.seats": 3,
  "rlm.correlation.id": "correlation-1",
};

let exporter: InMemorySpanExporter;
let tracer: SpanStarter;

beforeEach(() => {
  exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  tracer = provider.getTracer("test");
});

function spanOf(activity: Activity, ending: ActivityEnding = { outcome: "success" }) {
  const enclosure = createActivityAround(tracer).open(activity, START_MS, "correlation-1");
  enclosure.close({ ending, durationMs: 250 });
  const [span, ...more] = exporter.getFinishedSpans();
  expect(more).toEqual([]);
  return span;
}

const agent: Activity = {
  kind: "agent",
  data: {
    agent: "chef",
    agentId: "agent-1",
    agentVersion: "2",
    provider: "openai",
    model: "gpt-4o",
    conversationId: "conversation-1",
    context,
  },
  description: "cooks",
};
const tool: Activity = {
  kind: "tool",
  data: { tool: "scales", toolCallId: "call_1", toolType: "function", agent: "chef", context },
  description: "weighs",
};

describe("the span of", () => {
  test.each<[string, SpanKind, Activity, Record<string, unknown>]>([
    [
      "invoke_agent chef",
      SpanKind.INTERNAL,
      agent,
      {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "chef",
        "gen_ai.agent.id": "agent-1",
        "gen_ai.agent.version": "2",
        "gen_ai.agent.description": "cooks",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.conversation.id": "conversation-1",
      },
    ],
    [
      "execute_tool scales",
      SpanKind.INTERNAL,
      tool,
      {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "scales",
        "gen_ai.tool.call.id": "call_1",
        "gen_ai.tool.type": "function",
        "gen_ai.tool.description": "weighs",
      },
    ],
    [
      "retrieval recipes",
      SpanKind.CLIENT,
      {
        kind: "retrieval",
        data: { dataSource: "recipes", provider: "openai", model: "m", topK: 3, context },
      },
      {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.data_source.id": "recipes",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "m",
        "gen_ai.request.top_k": 3,
      },
    ],
    [
      "invoke_workflow dinner",
      SpanKind.INTERNAL,
      { kind: "workflow", data: { workflow: "dinner", context } },
      { "gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": "dinner" },
    ],
    [
      "approval refund",
      SpanKind.INTERNAL,
      {
        kind: "approval",
        data: { approvalId: "a1", action: "refund", tool: "pay", toolCallId: "call_2", context },
      },
      {
        "rlm.approval.id": "a1",
        "rlm.approval.action": "refund",
        "rlm.approval.tool": "pay",
      },
    ],
  ])("%s has kind, exact times and these attributes", (name, kind, activity, attributes) => {
    const span = spanOf(activity);
    expect(span?.name).toBe(name);
    expect(span?.kind).toBe(kind);
    expect(span?.attributes).toEqual({
      ...attributes,
      ...contextAttributes,
      "rlm.outcome": "success",
    });
    expect(span?.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(span?.startTime).toEqual([1_790_000_000, 123_000_000]);
    expect(span?.duration).toEqual([0, 250_000_000]);
  });

  test("an agent or a retrieval has fewer or other attributes by the newer conventions", () => {
    const around = createActivityAround(tracer, undefined, semconvProfiles["genai-main"]);
    const retrieval: Activity = {
      kind: "retrieval",
      data: { dataSource: "recipes", topK: 3, context: {} },
    };
    for (const activity of [{ ...agent, data: { ...agent.data, context: {} } }, retrieval]) {
      around.open(activity, START_MS, "c").close({ ending: { outcome: "success" }, durationMs: 1 });
    }
    const common = { "rlm.correlation.id": "c", "rlm.outcome": "success" };
    expect(exporter.getFinishedSpans().map(({ attributes }) => attributes)).toEqual([
      {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "chef",
        "gen_ai.agent.description": "cooks",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.conversation.id": "conversation-1",
        ...common,
      },
      {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.data_source.id": "recipes",
        "gen_ai.retrieval.top_k": 3,
        ...common,
      },
    ]);
  });

  test("a failure has its error type and status; what somebody stopped has neither", () => {
    const failed = spanOf(tool, { outcome: "error", errorType: "E_MINE" });
    expect(failed?.attributes).toMatchObject({ "rlm.outcome": "error", "error.type": "E_MINE" });
    expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR, message: "E_MINE" });
    for (const outcome of ["aborted", "abandoned"] as const) {
      exporter.reset();
      const span = spanOf(tool, { outcome, errorType: "signal" });
      expect(span?.attributes["rlm.outcome"]).toBe(outcome);
      expect(span?.attributes).not.toHaveProperty("error.type");
      expect(span?.status).toEqual({ code: SpanStatusCode.UNSET });
    }
  });

  test("a decision has what was decided, and not by whom", () => {
    const approval: Activity = {
      kind: "approval",
      data: { approvalId: "1", action: "a", context },
    };
    const span = spanOf(approval, { outcome: "success", decision: "APPROVE" });
    expect(span?.attributes["rlm.approval.decision"]).toBe("APPROVE");
  });
});

test("where nobody manages contexts, what encloses the activity is the parent all the same", () => {
  const around = createActivityAround(tracer);
  const outer = around.open(agent, START_MS, "c");
  const inner = around.open(tool, START_MS, "c", outer);
  const call = createSpanAround(tracer).open(plainCall, START_MS, "c", inner);
  const end = { ending: { outcome: "success" }, durationMs: 1 } as const;
  inner.close(end);
  outer.close(end);
  const [toolSpan, agentSpan] = exporter.getFinishedSpans();
  expect(toolSpan?.parentSpanContext?.spanId).toBe(agentSpan?.spanContext().spanId);
  expect(agentSpan?.parentSpanContext).toBeUndefined();
  expect(call.traceId).toBe(agentSpan?.spanContext().traceId);
});

test("a tracer that throws is counted, and what runs inside runs once", () => {
  const diagnostics = createDiagnostics({ write: () => {} });
  const broken: SpanStarter = {
    startSpan() {
      throw new Error("tracer");
    },
  };
  const enclosure = createActivityAround(broken, diagnostics).open(agent, START_MS, "c");
  let runs = 0;
  enclosure.run(() => (runs += 1));
  enclosure.close({ ending: { outcome: "success" }, durationMs: 1 });
  expect(runs).toBe(1);
  expect(diagnostics.counters.handlerErrors.get("spans")).toBe(1);
});
