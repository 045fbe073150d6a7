import type { Attributes, HrTime, Link } from "@opentelemetry/api";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace-base";
import type { AttributeList } from "../../semconv/index.ts";

/** Beginnings of attributes that are remembered: their names are few. */
const MAX_REMEMBERED_KEYS = 1_000;

/** Bits 8 and 9 of a span's flags: "it is known whether the parent is remote", and "it is". */
const KNOWS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** A span of our own has its attributes as a list, too. */
interface SpanToWrite extends ReadableSpan {
  readonly attributeList?: AttributeList;
}

type Scope = ReadableSpan["instrumentationScope"];
type Resource = ReadableSpan["resource"];

const beginnings = new Map<string, string>();

/**
 * Spans as the JSON of an OTLP `ExportTraceServiceRequest`. The same bytes as OTel's transformer gives, for a third of
 * its time: it builds an object for each value, which is then written out.
 */
export function otlpJson(spans: readonly ReadableSpan[]): string {
  const resources = [...groupBy(spans, (span) => span.resource)].map(resourceSpans);
  return `{"resourceSpans":[${resources.join()}]}`;
}

function resourceSpans([resource, spans]: [Resource, ReadableSpan[]]): string {
  const url = resource.schemaUrl;
  const schema = url === undefined || url === "" ? "" : `,"schemaUrl":${JSON.stringify(url)}`;
  const scopes = [...groupBy(spans, (span) => scopeKey(span.instrumentationScope)).values()];
  const inResource = `"attributes":${attributes(resource.attributes)},"droppedAttributesCount":0`;
  return `{"resource":{${inResource}${schema}},"scopeSpans":[${scopes.map(scopeSpans).join()}]${schema}}`;
}

function scopeKey({ name, version, schemaUrl }: Scope): string {
  return `${name}@${version ?? ""}:${schemaUrl ?? ""}`;
}

function scopeSpans(spans: ReadableSpan[]): string {
  const { name, version, schemaUrl } = spans[0]?.instrumentationScope ?? { name: "" };
  const scope = JSON.stringify({ name, version });
  const schema = schemaUrl === undefined ? "" : `,"schemaUrl":${JSON.stringify(schemaUrl)}`;
  return `{"scope":${scope},"spans":[${spans.map(spanJson).join()}]${schema}}`;
}

function spanJson(span: SpanToWrite): string {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const { parentSpanContext: parent, status } = span;
  const flags = flagsOf(traceFlags, parent?.isRemote);
  return (
    `{"traceId":"${traceId}","spanId":"${spanId}"` +
    (parent?.spanId ? `,"parentSpanId":"${parent.spanId}"` : "") +
    (traceState ? `,"traceState":${JSON.stringify(traceState.serialize())}` : "") +
    `,"name":${quoted(span.name)},"kind":${span.kind + 1}` +
    `,"startTimeUnixNano":"${nanoseconds(span.startTime)}"` +
    `,"endTimeUnixNano":"${nanoseconds(span.endTime)}"` +
    `,"attributes":${span.attributeList ? listed(span.attributeList) : attributes(span.attributes)}` +
    `,"droppedAttributesCount":${span.droppedAttributesCount}` +
    `,"events":[${span.events.length === 0 ? "" : span.events.map(eventJson).join()}]` +
    `,"droppedEventsCount":${span.droppedEventsCount}` +
    `,"status":{"code":${status.code}${status.message === undefined ? "" : `,"message":${quoted(status.message)}`}}` +
    `,"links":[${span.links.length === 0 ? "" : span.links.map(linkJson).join()}]` +
    `,"droppedLinksCount":${span.droppedLinksCount},"flags":${flags}}`
  );
}

function eventJson({ attributes: given = {}, name, time, droppedAttributesCount }: TimedEvent) {
  return (
    `{"attributes":${attributes(given)},"name":${JSON.stringify(name)}` +
    `,"timeUnixNano":"${nanoseconds(time)}","droppedAttributesCount":${droppedAttributesCount ?? 0}}`
  );
}

function linkJson({ attributes: given = {}, context, droppedAttributesCount }: Link): string {
  const { spanId, traceId, traceState, traceFlags, isRemote } = context;
  return (
    `{"attributes":${attributes(given)},"spanId":"${spanId}","traceId":"${traceId}"` +
    (traceState ? `,"traceState":${JSON.stringify(traceState.serialize())}` : "") +
    `,"droppedAttributesCount":${droppedAttributesCount ?? 0},"flags":${flagsOf(traceFlags, isRemote)}}`
  );
}

function flagsOf(traceFlags: number, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | KNOWS_REMOTE | (isRemote === true ? IS_REMOTE : 0);
}

function nanoseconds([seconds, nanos]: HrTime): string {
  return seconds === 0 ? String(nanos) : `${seconds}${String(nanos).padStart(9, "0")}`;
}

function attributes(given: Attributes): string {
  let list = "";
  for (const key in given) {
    list += `${list === "" ? "" : ","}${beginning(key)}${anyValue(given[key])}}`;
  }
  return `[${list}]`;
}

function listed(list: AttributeList): string {
  let text = "";
  for (let at = 0; at < list.length; at += 2) {
    text += `${at === 0 ? "" : ","}${beginning(String(list[at]))}${anyValue(list[at + 1])}}`;
  }
  return `[${text}]`;
}

function beginning(key: string): string {
  const known = beginnings.get(key);
  if (known !== undefined) return known;
  const made = `{"key":${JSON.stringify(key)},"value":`;
  if (beginnings.size < MAX_REMEMBERED_KEYS) beginnings.set(key, made);
  return made;
}

function anyValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `{"stringValue":${quoted(value)}}`;
    case "number":
      return Number.isInteger(value)
        ? `{"intValue":${value}}`
        : `{"doubleValue":${Number.isFinite(value) ? value : null}}`;
    case "boolean":
      return `{"boolValue":${value}}`;
    default:
      return Array.isArray(value)
        ? `{"arrayValue":{"values":[${value.map(anyValue).join()}]}}`
        : "{}";
  }
}

/** Nothing in it that JSON escapes. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
