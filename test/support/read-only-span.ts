import type { Attributes, SpanContext, SpanStatus } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { INSTRUMENTATION_SCOPE } from "../../src/semconv/index.ts";

export interface SpanFields {
  readonly attributes?: Attributes;
  readonly name?: string;
  readonly scope?: string;
  readonly spanId?: string;
  readonly parent?: SpanContext;
  readonly status?: SpanStatus;
  readonly isSampled?: boolean;
}

/** A finished span that nobody may write to: started at 2026-09-21T14:13:20.500Z, 2 s long. */
export function readOnlySpan(fields: SpanFields = {}): ReadableSpan {
  const spanContext: SpanContext = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: fields.spanId ?? "b7ad6b7169203331",
    traceFlags: fields.isSampled === false ? 0 : 1,
  };
  const span: ReadableSpan = {
    name: fields.name ?? "chat gpt-4o",
    kind: 2,
    spanContext: () => spanContext,
    ...(fields.parent && { parentSpanContext: fields.parent }),
    startTime: [1_790_000_000, 500_000_000],
    endTime: [1_790_000_002, 500_000_000],
    duration: [2, 0],
    ended: true,
    status: Object.freeze(fields.status ?? { code: 0 }),
    attributes: Object.freeze({ ...fields.attributes }),
    links: [],
    events: [],
    resource: resourceFromAttributes({ "service.name": "test" }),
    instrumentationScope: { name: fields.scope ?? INSTRUMENTATION_SCOPE },
    droppedAttributesCount: 1,
    droppedEventsCount: 2,
    droppedLinksCount: 3,
  };
  return Object.freeze(span);
}
