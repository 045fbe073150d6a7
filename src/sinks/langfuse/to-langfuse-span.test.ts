import { expect, test } from "vitest";
import { fullAnswer, fullCall } from "../../../test/support/llm-events.ts";
import { readOnlySpan } from "../../../test/support/read-only-span.ts";
import { asAttributes } from "../../semconv/index.ts";
import { requestAttributes, responseAttributes } from "../../../test/support/span-attributes.ts";
import { toLangfuseSpan } from "./to-langfuse-span.ts";

const PARENT = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "00f067aa0ba902b7",
  traceFlags: 1,
};
const own = { ...requestAttributes(fullCall, "correlation-1"), ...responseAttributes(fullAnswer) };

/** What the copy has and the span has not. */
function added(...args: Parameters<typeof toLangfuseSpan>): Record<string, unknown> {
  const before = args[0].attributes;
  const after = Object.entries(toLangfuseSpan(...args).attributes);
  return Object.fromEntries(after.filter(([name]) => !(name in before)));
}

test("a full answer gets type, usage, cost, time to first token and its trace's fields", () => {
  const info = { environment: "production", release: "r1", version: "1.2.3" };

  const attributes = added(readOnlySpan({ attributes: own }), info);

  expect(attributes).toEqual({
    "langfuse.observation.type": "generation",
    "langfuse.observation.usage_details": JSON.stringify({
      input: 500,
      input_cached_tokens: 400,
      input_cache_creation: 100,
      output: 180,
      output_reasoning_tokens: 120,
      total: 1300,
    }),
    "langfuse.observation.cost_details": '{"input":0.0035,"output":0.003,"total":0.0065}',
    "langfuse.observation.completion_start_time": "2026-09-21T14:13:20.900Z",
    "langfuse.user.id": "user-1",
    "langfuse.session.id": "session-1",
    "langfuse.trace.tags": ["beta", "eu"],
    "langfuse.trace.metadata.plan": "pro",
    "langfuse.trace.metadata.seats": 3,
    "langfuse.trace.metadata.trial": false,
    "langfuse.environment": "production",
    "langfuse.release": "r1",
    "langfuse.version": "1.2.3",
    "gen_ai.request.service_tier": "flex",
  });
});

test("everything else of the span is the same, and the span itself is not touched", () => {
  const span = readOnlySpan({ attributes: own, parent: PARENT });

  const copy = toLangfuseSpan(span, {});

  const { attributes, attributeList } = copy;
  const { attributes: before, spanContext: contextBefore, ...rest } = span;
  const names = Object.keys(rest);
  expect(Object.fromEntries(names.map((name) => [name, Reflect.get(copy, name)]))).toEqual(rest);
  expect(copy.spanContext()).toEqual(contextBefore());
  expect(attributes).toMatchObject(before);
  expect(attributes).toEqual(asAttributes(attributeList));
  expect(before).toEqual(own);
});

test("unknown usage, price and timing are left out: unknown is not $0", () => {
  const attributes = added(readOnlySpan({ attributes: { "gen_ai.operation.name": "chat" } }));

  expect(attributes).toEqual({ "langfuse.observation.type": "generation" });
});

test("a price of zero is a price", () => {
  const attributes = added(
    readOnlySpan({
      attributes: {
        "rlm.cost.total_usd": 0,
        "rlm.cost.input_usd": 0,
        "rlm.cost.output_usd": 0,
      },
    }),
  );

  expect(attributes["langfuse.observation.cost_details"]).toBe('{"input":0,"output":0,"total":0}');
});

test.each(["aborted", "abandoned"])("%s is a warning", (outcome) => {
  const attributes = added(readOnlySpan({ attributes: { "rlm.outcome": outcome } }));

  expect(attributes).toEqual({
    "langfuse.observation.level": "WARNING",
    "langfuse.observation.status_message": outcome,
  });
});

test("an error speaks through the span's status", () => {
  const status = { code: 2, message: "429" };

  const copy = toLangfuseSpan(readOnlySpan({ attributes: { "rlm.outcome": "error" }, status }));

  expect(copy.status).toEqual(status);
  expect(copy.attributes).toEqual({ "rlm.outcome": "error" });
});

test.each([
  ["embeddings", "embedding"],
  ["execute_tool", "tool"],
  ["invoke_agent", "agent"],
  ["retrieval", "retriever"],
  ["invoke_workflow", "chain"],
  ["something_new", undefined],
])("operation %s is of type %s", (operation, type) => {
  const attributes = added(readOnlySpan({ attributes: { "gen_ai.operation.name": operation } }));

  expect(attributes["langfuse.observation.type"]).toBe(type);
});

test("what the application has set for Langfuse wins", () => {
  const attributes = { ...own, "langfuse.observation.type": "evaluator", "langfuse.user.id": "me" };

  const copy = toLangfuseSpan(readOnlySpan({ attributes }));

  expect(copy.attributes).toMatchObject({
    "langfuse.observation.type": "evaluator",
    "langfuse.user.id": "me",
  });
});

test("an app root loses its parent, if Langfuse doesn't get that, and is marked", () => {
  const span = readOnlySpan({ parent: PARENT });

  const copy = toLangfuseSpan(span, {}, { parent: undefined, isAppRoot: true });

  expect(copy).not.toHaveProperty("parentSpanContext");
  expect(copy.attributes).toEqual({ "langfuse.internal.is_app_root": true });
  expect(span.parentSpanContext).toEqual(PARENT);
});
