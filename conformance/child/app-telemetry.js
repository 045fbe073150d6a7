import { context, trace } from "@opentelemetry/api";

/** The OTel set-up of the application itself, which is there whether or not it is observed. */
export async function startAppTelemetry({ otel, otelLoader }) {
  const finishing = [];
  const base = {
    api: { context, trace },
    later: (step) => void finishing.push(step),
    spans: () => undefined,
    async finish() {
      for (const step of finishing) await step();
    },
  };
  if (otel === "own") return base;
  if (otel === "throwing") {
    trace.setGlobalTracerProvider(throwingProvider());
    return base;
  }
  const { load } = await import(otelLoader);
  const ended = await registerProvider(load);
  return { ...base, spans: () => ended.map(plainSpan) };
}

/** `@opentelemetry/sdk-node` of any major brings the tracer provider and the context manager. */
async function registerProvider(load) {
  const { NodeSDK } = await load("@opentelemetry/sdk-node");
  const ended = [];
  const collector = {
    onStart() {},
    onEnd: (span) => void ended.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const sdk = new NodeSDK({
    autoDetectResources: false,
    instrumentations: [],
    spanProcessors: [collector],
    logRecordProcessors: [],
    metricReaders: [],
  });
  sdk.start();
  return ended;
}

/** A span as the OTLP sink would tell it. */
function plainSpan(span) {
  const { name, kind, attributes, status } = span;
  const { traceId, spanId } = span.spanContext();
  const scope = (span.instrumentationScope ?? span.instrumentationLibrary)?.name;
  const parentSpanId = span.parentSpanContext?.spanId ?? span.parentSpanId;
  // OTLP counts kinds from 1
  return { name, kind: kind + 1, attributes, status, scope, traceId, spanId, parentSpanId };
}

function throwingProvider() {
  const fail = () => {
    throw new Error("a tracer that fails");
  };
  const span = {
    spanContext: fail,
    setAttribute: fail,
    setAttributes: fail,
    addEvent: fail,
    addLink: fail,
    addLinks: fail,
    setStatus: fail,
    updateName: fail,
    end: fail,
    isRecording: fail,
    recordException: fail,
  };
  const tracer = { startSpan: () => span, startActiveSpan: fail };
  return { getTracer: () => tracer };
}
