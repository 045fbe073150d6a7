import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { beforeEach, describe, expect, it } from "vitest";
import type { SpanStart } from "../../sinks/spans/index.ts";
import { createOwnTracer } from "./own-tracer.ts";
import { OwnSpan } from "./own-span.ts";

const PARENT: SpanContext = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: 1,
  isRemote: true,
};

let exporter: InMemorySpanExporter;

beforeEach(() => {
  exporter = new InMemorySpanExporter();
});

function start(parentContext: Context = ROOT_CONTEXT, environment: NodeJS.ProcessEnv = {}): Span {
  const tracer = createOwnTracer({
    resource: resourceFromAttributes({ "service.name": "shop" }),
    processors: [new SimpleSpanProcessor(exporter)],
    version: "1.2.3",
    environment,
  });
  const given: SpanStart = {
    kind: SpanKind.CLIENT,
    startTime: [1_790_000_000, 5],
    attributes: ["a", 1, "b", "text"],
  };
  return tracer.startListed("chat gpt-4o", given, parentContext);
}

/** Everything that an exporter can read of the spans that have ended, but for their ids. */
function exported() {
  return exporter.getFinishedSpans().map((span) => ({
    context: { ...span.spanContext(), spanId: "" },
    parent: span.parentSpanContext,
    name: span.name,
    kind: span.kind,
    times: [span.startTime, span.endTime, span.duration],
    status: span.status,
    attributes: span.attributes,
    links: span.links,
    events: span.events,
    ended: span.ended,
    resource: span.resource.attributes,
    scope: span.instrumentationScope,
    dropped: [span.droppedAttributesCount, span.droppedEventsCount, span.droppedLinksCount],
  }));
}

const inParent = trace.setSpanContext(ROOT_CONTEXT, PARENT);
/** By it the SDK makes the spans, as it keeps them just the same. */
const BY_SDK = { OTEL_ATTRIBUTE_COUNT_LIMIT: "128" };

function endWithError(span: Span): void {
  if (span instanceof OwnSpan) span.addAttributes(["c", true]);
  else span.setAttribute("c", true);
  span.setStatus({ code: SpanStatusCode.ERROR, message: "429" });
  span.end([1_790_000_002, 7]);
}

describe("a span of our own", () => {
  it("is, to an exporter, the one that the SDK would have made", () => {
    const own = start(inParent);
    expect(own).toBeInstanceOf(OwnSpan);
    const theirs = start(inParent, BY_SDK);
    expect(theirs).not.toBeInstanceOf(OwnSpan);
    endWithError(own);
    endWithError(theirs);

    const [first, second] = exporter.getFinishedSpans();
    expect(exported()[0]).toEqual(exported()[1]);
    expect(first?.spanContext().spanId).not.toBe(second?.spanContext().spanId);
  });

  it("ends once, and takes nothing afterwards", () => {
    const span = start();
    expect(span.isRecording()).toBe(true);
    endWithError(span);
    endWithError(span);
    span.setStatus({ code: SpanStatusCode.OK });

    expect(span.isRecording()).toBe(false);
    expect(exporter.getFinishedSpans()).toHaveLength(1);
    expect(exporter.getFinishedSpans()[0]?.status).toEqual({ code: 2, message: "429" });
  });

  it("of no parent begins a trace with ids of its own", () => {
    const contexts = [start(), start()].map((span) => span.spanContext());

    for (const { traceId, spanId, traceFlags } of contexts) {
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(spanId).toMatch(/^[0-9a-f]{16}$/);
      expect(traceFlags).toBe(1);
    }
    expect(contexts[0]?.traceId).not.toBe(contexts[1]?.traceId);
  });

  it.each<[string, (span: Span) => unknown]>([
    ["setAttribute", (span) => span.setAttribute("a", "theirs")],
    ["setAttributes", (span) => span.setAttributes({ a: "theirs" })],
    ["addEvent", (span) => span.addEvent("cache miss", { key: "k" }, [1_790_000_001, 0])],
    ["addLink", (span) => span.addLink({ context: PARENT })],
    ["addLinks", (span) => span.addLinks([{ context: PARENT }])],
    ["updateName", (span) => span.updateName("other")],
    ["recordException", (span) => span.recordException("odd", [1_790_000_001, 0])],
    ["an end before the start", (span) => span.end([1, 0])],
  ])("does %s as the SDK does, and keeps its ids", (_name, use) => {
    const own = start(inParent);
    const theirs = start(inParent, BY_SDK);
    for (const span of [own, theirs]) {
      use(span);
      endWithError(span);
    }

    expect(exported()).toHaveLength(2);
    expect(exported()[0]).toEqual(exported()[1]);
    expect(exporter.getFinishedSpans()[0]?.spanContext()).toEqual(own.spanContext());
  });
});

describe("the SDK decides", () => {
  it("about a span whose parent is not sampled", () => {
    const span = start(trace.setSpanContext(ROOT_CONTEXT, { ...PARENT, traceFlags: 0 }));
    span.end();

    expect(span.isRecording()).toBe(false);
    expect(span.spanContext().traceId).toBe(PARENT.traceId);
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it("by the sampler that is configured", () => {
    expect(start(ROOT_CONTEXT, { OTEL_TRACES_SAMPLER: "parentbased_always_on" })).toBeInstanceOf(
      OwnSpan,
    );
    const configured = { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.5" };
    expect(start(ROOT_CONTEXT, configured)).not.toBeInstanceOf(OwnSpan);
  });

  it("where tracing is suppressed", () => {
    const span = start(suppressTracing(ROOT_CONTEXT));
    span.end();

    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});
