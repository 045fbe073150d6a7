import type { Attributes, HrTime } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { asAttributes, attribute, type AttributeList, setAttribute } from "../../semconv/index.ts";
import { langfuseAttribute } from "./langfuse-attribute.ts";
import { observationType } from "./observation-type.ts";
import type { Position } from "./span-lineage.ts";
import { CopiedSpan } from "./copied-span.ts";
import { usageDetails } from "./usage-details.ts";

/** What Langfuse is told of every span of this process. */
export interface LangfuseTraceInfo {
  /** As made by `environmentName()`. */
  readonly environment?: string | undefined;
  readonly release?: string | undefined;
  readonly version?: string | undefined;
}

/** A span of our own has its attributes as a list as well. */
interface ListedSpan extends ReadableSpan {
  readonly attributeList?: Readonly<AttributeList>;
}

/** What is read of a span. An object of all its attributes would be a slow one, made and read for each span. */
const READ: ReadonlySet<unknown> = new Set([
  attribute.operationName,
  attribute.outcome,
  attribute.userId,
  attribute.sessionId,
  attribute.tags,
  attribute.openaiRequestServiceTier,
  attribute.responseTimeToFirstChunk,
  attribute.usageInputTokens,
  attribute.usageOutputTokens,
  attribute.usageCacheReadInputTokens,
  attribute.usageCacheCreationInputTokens,
  attribute.usageCacheWriteInputTokens,
  attribute.usageReasoningOutputTokens,
  attribute.costTotal,
  attribute.costInput,
  attribute.costOutput,
]);

const METADATA_PREFIX = `${attribute.metadata}.`;

/**
 * A copy of `span` with what Langfuse can't derive by itself. The span, which other exporters hold too, is only read.
 * `langfuse.*` attributes that are on the span already win.
 */
export function toLangfuseSpan(
  span: ListedSpan,
  info: LangfuseTraceInfo = {},
  position?: Position,
): CopiedSpan {
  const given = span.attributeList ?? listOf(span.attributes);
  const from: Attributes = {};
  const metadata: AttributeList = [];
  let isForLangfuse = false;
  for (let at = 0; at < given.length; at += 2) {
    const name = String(given[at]);
    const value = given[at + 1];
    if (READ.has(name)) from[name] = value;
    else if (name.startsWith("langfuse.")) isForLangfuse = true;
    else if (name.startsWith(METADATA_PREFIX)) {
      const key = name.slice(METADATA_PREFIX.length);
      setAttribute(metadata, `${langfuseAttribute.traceMetadata}.${key}`, value);
    }
  }
  const list: AttributeList = [];
  addObservation(list, from, span.startTime);
  addTrace(list, from, info);
  list.push(...metadata);
  if (position?.isAppRoot === true) list.push(langfuseAttribute.isAppRoot, true);
  addAll(list, given);
  const parent = position ? position.parent : span.parentSpanContext;
  return new CopiedSpan(span, isForLangfuse ? withoutRepeats(list) : list, parent);
}

function listOf(attributes: Attributes): AttributeList {
  const list: AttributeList = [];
  for (const name in attributes) setAttribute(list, name, attributes[name]);
  return list;
}

function addAll(list: AttributeList, given: Readonly<AttributeList>): void {
  for (let at = 0; at < given.length; at += 2) {
    setAttribute(list, String(given[at]), given[at + 1]);
  }
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
