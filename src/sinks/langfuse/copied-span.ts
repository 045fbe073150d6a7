import type { Attributes, SpanContext } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { asAttributes, type AttributeList } from "../../semconv/index.ts";

/** A span with other attributes and another parent. Of a class: as many literals with accessors take microseconds each. */
export class CopiedSpan implements ReadableSpan {
  /** How the attributes are written. */
  readonly attributeList: AttributeList;
  declare readonly parentSpanContext?: SpanContext;
  readonly #span: ReadableSpan;

  constructor(span: ReadableSpan, attributeList: AttributeList, parent: SpanContext | undefined) {
    this.#span = span;
    this.attributeList = attributeList;
    if (parent) this.parentSpanContext = parent;
  }

  get attributes(): Attributes {
    return asAttributes(this.attributeList);
  }

  spanContext(): SpanContext {
    return this.#span.spanContext();
  }

  get name(): string {
    return this.#span.name;
  }

  get kind(): ReadableSpan["kind"] {
    return this.#span.kind;
  }

  get startTime(): ReadableSpan["startTime"] {
    return this.#span.startTime;
  }

  get endTime(): ReadableSpan["endTime"] {
    return this.#span.endTime;
  }

  get status(): ReadableSpan["status"] {
    return this.#span.status;
  }

  get links(): ReadableSpan["links"] {
    return this.#span.links;
  }

  get events(): ReadableSpan["events"] {
    return this.#span.events;
  }

  get duration(): ReadableSpan["duration"] {
    return this.#span.duration;
  }

  get ended(): boolean {
    return this.#span.ended;
  }

  get resource(): ReadableSpan["resource"] {
    return this.#span.resource;
  }

  get instrumentationScope(): ReadableSpan["instrumentationScope"] {
    return this.#span.instrumentationScope;
  }

  get droppedAttributesCount(): number {
    return this.#span.droppedAttributesCount;
  }

  get droppedEventsCount(): number {
    return this.#span.droppedEventsCount;
  }

  get droppedLinksCount(): number {
    return this.#span.droppedLinksCount;
  }
}
