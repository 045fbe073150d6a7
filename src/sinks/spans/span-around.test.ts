import {
  context,
  type Context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  SamplingDecision,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  completed,
  failed,
  fullAnswer,
  fullCall,
  plainAnswer,
  plainCall,
} from "../../../test/support/llm-events.ts";
import { TestContextManager } from "../../../test/support/context-manager.ts";
import { createDiagnostics } from "../../diagnostics/index.ts";
import { requestAttributes } from "../../../test/support/span-attributes.ts";
import { responseAttributes } from "../../../test/support/span-attributes.ts";
import { createSpanAround } from "./span-around.ts";

const START_MS = 1_790_000_000_123;

let exporter: InMemorySpanExporter;
let tracer: Tracer;

beforeEach(() => {
  context.setGlobalContextManager(new TestContextManager());
  exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  tracer = provider.getTracer("test");
});

afterEach(() => {
  context.disable();
});

describe("a span", () => {
  test("has name, kind, exact times and all attributes of request and response", () => {
    const enclosure = createSpanAround(tracer).open(fullCall, START_MS, "correlation-1");
    enclosure.close(completed(fullAnswer));

    const [span] = exporter.getFinishedSpans();
    expect(span?.name).toBe("chat gpt-4o");
    expect(span?.kind).toBe(SpanKind.CLIENT);
    expect(span?.attributes).toEqual({
      ...requestAttributes(fullCall, "correlation-1"),
      ...responseAttributes(fullAnswer),
    });
    expect(span?.startTime).toEqual([1_790_000_000, 123_000_000]);
    expect(span?.endTime).toEqual([1_790_000_002, 623_000_000]);
    expect(span?.duration).toEqual([2, 500_000_000]);
    expect(span?.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(enclosure.traceId).toBe(span?.spanContext().traceId);
    expect(enclosure.spanId).toBe(span?.spanContext().spanId);
  });

  test("has its required attributes when the sampler asks", () => {
    let seen: unknown;
    const provider = new BasicTracerProvider({
      sampler: {
        shouldSample: (...args) => {
          seen = { ...args[4] };
          return { decision: SamplingDecision.NOT_RECORD };
        },
      },
    });

    createSpanAround(provider.getTracer("test")).open(plainCall, START_MS, "c");

    expect(seen).toEqual(requestAttributes(plainCall, "c"));
  });

  test("ends once, however often it is closed", () => {
    const enclosure = createSpanAround(tracer).open(plainCall, START_MS, "c");

    enclosure.close(failed("aborted", "APIUserAbortError"));
    enclosure.close(completed());

    expect(exporter.getFinishedSpans()).toHaveLength(1);
    expect(exporter.getFinishedSpans()[0]?.attributes["rlm.outcome"]).toBe("aborted");
  });

  test.each(["error", "truncated"] as const)("%s is an error, with its type only", (outcome) => {
    createSpanAround(tracer)
      .open(plainCall, START_MS, "c")
      .close(failed(outcome, "rate_limit_exceeded"));

    const [span] = exporter.getFinishedSpans();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: "rate_limit_exceeded" });
    expect(span?.attributes["error.type"]).toBe("rate_limit_exceeded");
    expect(span?.events).toEqual([]);
  });

  test.each(["aborted", "abandoned"] as const)("%s is no error", (outcome) => {
    createSpanAround(tracer).open(plainCall, START_MS, "c").close(failed(outcome, outcome));

    const [span] = exporter.getFinishedSpans();
    expect(span?.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(span?.attributes).not.toHaveProperty("error.type");
    expect(span?.attributes["rlm.outcome"]).toBe(outcome);
  });
});

describe("run", () => {
  test("makes the span the parent of what runs in it, also after an await", async () => {
    const enclosure = createSpanAround(tracer).open(plainCall, START_MS, "c");

    await enclosure.run(async () => {
      await Promise.resolve();
      tracer.startSpan("http").end();
    });
    enclosure.close(completed());

    const [http, chat] = exporter.getFinishedSpans();
    expect(http?.parentSpanContext?.spanId).toBe(chat?.spanContext().spanId);
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  test("hands back the very value and the very error", () => {
    const enclosure = createSpanAround(tracer).open(plainCall, START_MS, "c");
    const value = {};
    const error = new Error("of the caller");

    expect(enclosure.run(() => value)).toBe(value);
    let caught: unknown;
    try {
      enclosure.run(() => {
        throw error;
      });
    } catch (thrown) {
      caught = thrown;
    }
    expect(caught).toBe(error);
  });

  test("an unsampled span is still the parent, and has no ids to link to", () => {
    const provider = new BasicTracerProvider({ sampler: new AlwaysOffSampler() });
    const enclosure = createSpanAround(provider.getTracer("test")).open(plainCall, START_MS, "c");

    const active = enclosure.run(() => trace.getActiveSpan());

    expect(active?.spanContext().traceFlags).toBe(0);
    expect(enclosure.traceId).toBeUndefined();
  });

  test("costs nothing without an SDK: every call shares one enclosure", () => {
    const around = createSpanAround(trace.getTracer("nobody"));

    const enclosure = around.open(plainCall, START_MS, "c");

    expect(enclosure).toBe(around.open(fullCall, START_MS, "d"));
    expect(enclosure.run(() => 1)).toBe(1);
    expect(() => enclosure.close(completed())).not.toThrow();
  });
});

describe("a tracing back end that throws", () => {
  test.each(["spanContext", "isRecording", "setAttributes", "setStatus", "end"])(
    "at %s changes nothing for the call and is reported once",
    (method) => {
      const written: string[] = [];
      const diagnostics = createDiagnostics({ write: (line) => written.push(line) });
      const around = createSpanAround(breaking(tracer, method), diagnostics);
      let runs = 0;

      for (let call = 0; call < 2; call++) {
        const enclosure = around.open(plainCall, START_MS, "c");
        expect(enclosure.run(() => ++runs)).toBe(call + 1);
        enclosure.close(failed("error", "429"));
      }

      expect(runs).toBe(2);
      expect(written).toHaveLength(1);
      expect(diagnostics.counters.handlerErrors.get("spans")).toBeGreaterThanOrEqual(2);
    },
  );

  test("at startSpan changes nothing either", () => {
    const around = createSpanAround({
      ...tracer,
      startSpan: () => {
        throw new Error("no span");
      },
    });

    const enclosure = around.open(plainCall, START_MS, "c");

    expect(enclosure.run(() => 7)).toBe(7);
    enclosure.close(completed());
  });

  test.each(["before", "after"])("in the context manager %s the call: it runs once", (when) => {
    class ThrowingManager extends TestContextManager {
      override with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
        active: Context,
        fn: F,
        thisArg?: ThisParameterType<F>,
        ...args: A
      ): ReturnType<F> {
        if (when === "after") super.with(active, fn, thisArg, ...args);
        throw new Error("no context");
      }
    }
    context.disable();
    context.setGlobalContextManager(new ThrowingManager());
    let runs = 0;

    const result = createSpanAround(tracer)
      .open(plainCall, START_MS, "c")
      .run(() => ++runs);

    expect(result).toBe(1);
    expect(runs).toBe(1);
  });
});

/** A tracer whose spans throw at `method`. */
function breaking(inner: Tracer, method: string): Tracer {
  return {
    startSpan: (name, options, parent) =>
      new Proxy(inner.startSpan(name, options, parent), {
        get(target, property) {
          if (property === method) {
            return () => {
              throw new Error(`${method} failed`);
            };
          }
          const value: unknown = Reflect.get(target, property, target);
          return typeof value === "function"
            ? (...args: unknown[]): unknown => Reflect.apply(value, target, args)
            : value;
        },
      }),
    startActiveSpan: () => {
      throw new Error("not used");
    },
  };
}

describe("a call inside an SDK's own span of it", () => {
  const anthropicCall = { ...plainCall, wireFormat: "anthropic.messages" };

  function inSpanOf(scope: string, fn: () => void): void {
    const provider = new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    const span = provider.getTracer(scope).startSpan("anthropic.messages.create");
    context.with(trace.setSpan(context.active(), span), fn);
    span.end();
  }

  test("adds to that span instead of opening one", () => {
    inSpanOf("com.anthropic.sdk.typescript", () => {
      const enclosure = createSpanAround(tracer).open(anthropicCall, START_MS, "correlation-1");
      enclosure.close(completed());
    });
    const [span, ...more] = exporter.getFinishedSpans();
    expect(more).toEqual([]);
    expect(span?.name).toBe("anthropic.messages.create");
    expect(span?.attributes).toMatchObject({
      ...requestAttributes(anthropicCall, "correlation-1"),
      ...responseAttributes(plainAnswer),
    });
  });

  test("has a span of its own if the other is not of that SDK, or of another call", () => {
    const around = createSpanAround(tracer);
    inSpanOf("app", () => around.open(anthropicCall, START_MS, "1").close(completed()));
    inSpanOf("com.anthropic.sdk.typescript", () => {
      around.open(plainCall, START_MS, "2").close(completed());
      const outer = around.open(anthropicCall, START_MS, "3");
      around.open(anthropicCall, START_MS, "4").close(completed());
      outer.close(completed());
    });
    const own = exporter.getFinishedSpans().filter(({ name }) => name === "chat gpt-4o");
    expect(own.map(({ attributes }) => attributes["rlm.correlation.id"])).toEqual(["1", "2", "4"]);
  });
});
