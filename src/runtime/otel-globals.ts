import { trace } from "@opentelemetry/api";

/** True when the application, or another SDK in it, has registered a tracer provider. */
export function hasGlobalTracerProvider(): boolean {
  const provider: object = trace.getTracerProvider();
  // the API answers with a proxy until, and also after, something is registered behind it
  if (!("getDelegateTracer" in provider)) return true;
  const { getDelegateTracer } = provider;
  return (
    typeof getDelegateTracer === "function" &&
    getDelegateTracer.call(provider, "probe") !== undefined
  );
}
