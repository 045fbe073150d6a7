import type { Context, HrTime, Span, SpanKind, Tracer } from "@opentelemetry/api";
import { type AttributeList, asAttributes } from "../../semconv/index.ts";

/** What a span starts with. */
export interface SpanStart {
  readonly kind: SpanKind;
  readonly startTime: HrTime;
  readonly attributes: AttributeList;
}

/** A span that takes attributes as they come. */
export interface ListedSpan extends Span {
  addAttributes(list: AttributeList): void;
}

/** Starts spans that may be such ones. */
export interface ListedStarter {
  startListed(name: string, start: SpanStart, parentContext: Context): Span;
}

/** What is needed of a tracer: OTel's, or one that chooses between tracers. */
export type SpanStarter = Pick<Tracer, "startSpan"> | ListedStarter;

export function startListed(
  starter: SpanStarter,
  name: string,
  start: SpanStart,
  parentContext: Context,
): Span {
  if ("startListed" in starter) return starter.startListed(name, start, parentContext);
  const { kind, startTime, attributes } = start;
  return starter.startSpan(
    name,
    { kind, startTime, attributes: asAttributes(attributes) },
    parentContext,
  );
}

export function addListed(span: Span, list: AttributeList): void {
  if (isListed(span)) span.addAttributes(list);
  else span.setAttributes(asAttributes(list));
}

function isListed(span: Span): span is ListedSpan {
  return "addAttributes" in span;
}
