import type { Attributes, HrTime } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { asAttributes, attribute, type AttributeList, setAttribute } from "../../semconv/index.ts";
import { langfuseAttribute } from "./langfuse-attribute.ts";
import { observationType } from "./observation-type.ts";
import type { Position } from "./span-lineage.ts";
import { usageDetails } from "./usage-details.ts";

/** What Langfuse is told of every span of this process. */
export interface LangfuseTraceInfo {
  /** As made by `environmentName()`. */
  readonly environment?: string | undefined;
  readonly release?: string | undefined;
  readonly version?: string | undefined;
}

/** A copy, with its attributes as a list as well, which is how it is written. */
export interface LangfuseSpan extends ReadableSpan {
  readonly attributeList: AttributeList;
}

/**
 * A copy of `span` with what Langfuse can't derive by itself. The span, which other exporters hold too, is only read.
 * `langfuse.*` attributes that are on the span already win.
 */
export function toLangfuseSpan(
  span: ReadableSpan,
  info: LangfuseTraceInfo = {},
  position?: Position,
): LangfuseSpan {
  // once: a span of our own makes an object of them each time
  const from = span.attributes;
  const list: AttributeList = [];
  addObservation(list, from, span.startTime);
  addTrace(list, from, info);
  if (position?.isAppRoot === true) list.push(langfuseAttribute.isAppRoot, true);
  let isForLangfuse = false;
  for (const name in from) {
    setAttribute(list, name, from[name]);
    if (name.startsWith("langfuse.")) isForLangfuse = true;
  }
  const parent = position ? position.parent : span.parentSpanContext;
  return copyOf(span, isForLangfuse ? withoutRepeats(list) : list, parent);
}

/** Of two values of one name the later. */
function withoutRepeats(list: AttributeList): AttributeList {
  const once: AttributeList = [];
  for (const [name, value] of Object.entries(asAttributes(list))) setAttribute(once, name, value);
  return once;
}

function addObservation(attributes: AttributeList, from: Attributes, start: HrTime): void {
  setAttribute(
    attributes,
    langfuseAttribute.observationType,
    observationType(from[attribute.operationName]),
  );
  setAttribute(attributes, langfuseAttribute.usageDetails, json(usageDetails(from)));
  setAttribute(attributes, langfuseAttribute.costDetails, json(costDetails(from)));
  setAttribute(attributes, langfuseAttribute.completionStartTime, completionStartTime(from, start));
  setAttribute(
    attributes,
    langfuseAttribute.requestServiceTier,
    from[attribute.openaiRequestServiceTier],
  );
  const outcome = from[attribute.outcome];
  // errors have a span status, which Langfuse reads; these two have none
  if (outcome === "aborted" || outcome === "abandoned") {
    attributes.push(langfuseAttribute.level, "WARNING", langfuseAttribute.statusMessage, outcome);
  }
}

/** On every span, not on the root alone: Langfuse filters and adds up by row. */
function addTrace(attributes: AttributeList, from: Attributes, info: LangfuseTraceInfo): void {
  setAttribute(attributes, langfuseAttribute.userId, from[attribute.userId]);
  setAttribute(attributes, langfuseAttribute.sessionId, from[attribute.sessionId]);
  setAttribute(attributes, langfuseAttribute.tags, from[attribute.tags]);
  setAttribute(attributes, langfuseAttribute.environment, info.environment);
  setAttribute(attributes, langfuseAttribute.release, info.release);
  setAttribute(attributes, langfuseAttribute.version, info.version);
  const prefix = `${attribute.metadata}.`;
  for (const name in from) {
    if (!name.startsWith(prefix)) continue;
    setAttribute(
      attributes,
      `${langfuseAttribute.traceMetadata}.${name.slice(prefix.length)}`,
      from[name],
    );
  }
}

/** The very number that Prometheus counts. Without a price nothing is sent: unknown is not $0. */
function costDetails(from: Attributes): Readonly<Record<string, unknown>> | undefined {
  const total = from[attribute.costTotal];
  if (total === undefined) return undefined;
  return { input: from[attribute.costInput], output: from[attribute.costOutput], total };
}

/**
 * Langfuse shows the time from start to here as time to first token. The span knows it from the last attempt on, as
 * `rlm_time_to_first_token_seconds` does: after a retry this is earlier than the clock said, and the two agree.
 */
function completionStartTime(from: Attributes, start: HrTime): string | undefined {
  const seconds = from[attribute.responseTimeToFirstChunk];
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return undefined;
  return new Date(toEpochMs(start) + seconds * 1000).toISOString();
}

function toEpochMs([seconds, nanoseconds]: HrTime): number {
  return seconds * 1000 + nanoseconds / 1e6;
}

function json(value: object | undefined): string | undefined {
  return value && JSON.stringify(value);
}

/** Field by field: the SDK's span has accessors and methods on its class, which a spread would lose. */
function copyOf(
  span: ReadableSpan,
  attributeList: AttributeList,
  parentSpanContext: ReadableSpan["parentSpanContext"],
): LangfuseSpan {
  const spanContext = span.spanContext();
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => spanContext,
    ...(parentSpanContext && { parentSpanContext }),
    startTime: span.startTime,
    endTime: span.endTime,
    status: span.status,
    attributeList,
    get attributes() {
      return asAttributes(attributeList);
    },
    links: span.links,
    events: span.events,
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
}
