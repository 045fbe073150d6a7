import {
  type Attributes,
  type AttributeValue,
  type Context,
  type Exception,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
} from "@opentelemetry/api";
import { hrTimeDuration } from "@opentelemetry/core";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { type AttributeList, asAttributes } from "../../semconv/index.ts";
import type { ListedSpan, SpanStart } from "../../sinks/spans/index.ts";

/** What all spans of a tracer have in common. */
export interface SpanOrigin extends Pick<ReadableSpan, "resource" | "instrumentationScope"> {
  /** The same span, with the same ids, as the SDK makes it. */
  expand(span: OwnSpan): Span;
  ended(span: OwnSpan): void;
}

/** Where a span stands in its trace. */
export interface SpanPlace {
  readonly spanContext: SpanContext;
  readonly parentSpanContext: SpanContext | undefined;
  readonly parentContext: Context;
}

const NONE: never[] = [];
const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };
const ZERO: HrTime = [0, 0];

/**
 * A span that can do what this package does with one: attributes at the start, attributes and a status at the end. Asked
 * for anything else, e.g. an event by the application, it has the SDK make the same span, and passes all on to it.
 */
export class OwnSpan implements ListedSpan, ReadableSpan {
  readonly name: string;
  readonly kind: ReadableSpan["kind"];
  readonly startTime: HrTime;
  readonly parentContext: Context;
  declare readonly parentSpanContext?: SpanContext;
  /** What `attributes` makes an object of. */
  readonly attributeList: AttributeList;
  readonly links = NONE;
  readonly events = NONE;
  readonly droppedAttributesCount = 0;
  readonly droppedEventsCount = 0;
  readonly droppedLinksCount = 0;
  endTime = ZERO;
  status = UNSET;
  ended = false;
  readonly #origin: SpanOrigin;
  readonly #spanContext: SpanContext;
  #expanded: Span | undefined;

  constructor(name: string, start: SpanStart, place: SpanPlace, origin: SpanOrigin) {
    this.name = name;
    this.kind = start.kind;
    this.startTime = start.startTime;
    this.attributeList = start.attributes;
    this.parentContext = place.parentContext;
    if (place.parentSpanContext) this.parentSpanContext = place.parentSpanContext;
    this.#spanContext = place.spanContext;
    this.#origin = origin;
  }

  get attributes(): Attributes {
    return asAttributes(this.attributeList);
  }

  get resource(): ReadableSpan["resource"] {
    return this.#origin.resource;
  }

  get instrumentationScope(): ReadableSpan["instrumentationScope"] {
    return this.#origin.instrumentationScope;
  }

  get duration(): HrTime {
    return hrTimeDuration(this.startTime, this.endTime);
  }

  spanContext(): SpanContext {
    return this.#spanContext;
  }

  isRecording(): boolean {
    return !this.ended;
  }

  addAttributes(list: AttributeList): void {
    if (this.#expanded) this.#expanded.setAttributes(asAttributes(list));
    else if (!this.ended) this.attributeList.push(...list);
  }

  setStatus(status: SpanStatus): this {
    if (this.#expanded) this.#expanded.setStatus(status);
    else if (!this.ended) this.status = status;
    return this;
  }

  /** The time is the caller's; here is no clock. */
  end(endTime?: TimeInput): void {
    if (this.ended) return;
    if (this.#expanded || !isHrTime(endTime) || isBefore(endTime, this.startTime)) {
      this.#expand().end(endTime);
      this.ended = true;
      return;
    }
    this.ended = true;
    this.endTime = endTime;
    this.#origin.ended(this);
  }

  setAttribute(key: string, value: AttributeValue): this {
    this.#expand().setAttribute(key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    this.#expand().setAttributes(attributes);
    return this;
  }

  addEvent(name: string, attributesOrStartTime?: Attributes | TimeInput, time?: TimeInput): this {
    this.#expand().addEvent(name, attributesOrStartTime, time);
    return this;
  }

  addLink(link: Link): this {
    this.#expand().addLink(link);
    return this;
  }

  addLinks(links: Link[]): this {
    this.#expand().addLinks(links);
    return this;
  }

  updateName(name: string): this {
    this.#expand().updateName(name);
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.#expand().recordException(exception, time);
  }

  #expand(): Span {
    this.#expanded ??= this.#origin.expand(this);
    return this.#expanded;
  }
}

function isHrTime(time: TimeInput | undefined): time is HrTime {
  return Array.isArray(time);
}

function isBefore([seconds, nanoseconds]: HrTime, start: HrTime): boolean {
  return seconds < start[0] || (seconds === start[0] && nanoseconds < start[1]);
}
