import { type Context, ROOT_CONTEXT, type Span, trace } from "@opentelemetry/api";
import { BasicTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { beforeEach, expect, test } from "vitest";
import { createSpanLineage, type SpanLineage } from "./span-lineage.ts";

const REMOTE = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "00f067aa0ba902b7",
  traceFlags: 1,
  isRemote: true,
};

let lineage: SpanLineage;
let provider: BasicTracerProvider;

beforeEach(() => {
  lineage = createSpanLineage();
  const processor: SpanProcessor = {
    onStart: (span, parentContext) => lineage.onStart(span, parentContext),
    onEnd: () => {},
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  provider = new BasicTracerProvider({ spanProcessors: [processor] });
});

function start(name: string, parent?: Span): Span {
  return startIn(name, parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT);
}

function startIn(name: string, parentContext: Context): Span {
  const isLlm = name !== "http";
  const attributes = isLlm ? { "gen_ai.operation.name": name } : {};
  return provider.getTracer("app").startSpan(name, { attributes }, parentContext);
}

test("a span without a parent is the app's root", () => {
  expect(lineage.positionOf(start("chat"))).toEqual({ parent: undefined, isAppRoot: true });
});

test("under an HTTP span, which Langfuse doesn't get, it is the root as well", () => {
  expect(lineage.positionOf(start("chat", start("http")))).toEqual({
    parent: undefined,
    isAppRoot: true,
  });
});

test("under an LLM span it stays a child", () => {
  const agent = start("invoke_agent");

  expect(lineage.positionOf(start("chat", agent))).toEqual({
    parent: agent.spanContext(),
    isAppRoot: false,
  });
});

test("spans between that Langfuse doesn't get are skipped, not the ancestor above them", () => {
  const agent = start("invoke_agent");
  const chat = start("chat", start("http", start("http", agent)));

  expect(lineage.positionOf(chat)).toEqual({ parent: agent.spanContext(), isAppRoot: false });
});

test("a remote parent is kept, and the first local span names the trace", () => {
  const remote = trace.setSpanContext(ROOT_CONTEXT, REMOTE);

  expect(lineage.positionOf(startIn("chat", remote))).toEqual({ parent: REMOTE, isAppRoot: true });
});

test("a span that was under way before is not known", () => {
  expect(lineage.positionOf({})).toBeUndefined();
});
