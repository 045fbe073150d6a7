import { type SpanContext, TraceFlags } from "@opentelemetry/api";

export function isSampled({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}
