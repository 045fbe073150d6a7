import type { Diagnostics } from "../../diagnostics/index.ts";
import { errorName } from "../../errors/index.ts";
import type { Event, EventType } from "../../events/index.ts";
import type { SessionFieldValue } from "./session-record.ts";

/** Longer ones are cut off. Characters. */
const MAX_TEXT_LENGTH = 256;

/** A field of an application's own in the record of a session. */
export interface SessionField<
  T extends string | number | boolean = string | number | boolean,
  K extends EventType = EventType,
> {
  /** The events that it is made of. */
  readonly types: readonly K[];
  /** What it is in a session that had none of them. */
  readonly initial: T;
  /**
   * What it is after one more event. If it throws, or gives back anything else than a text, a finite number or a
   * boolean, the field of that session is `null` from then on, and the failure is counted.
   */
  readonly fold: (value: Widened<T>, event: Extract<Event, { type: K }>) => Widened<T>;
}

/** `0` → `number`: what a field begins with is no limit to what it becomes. */
export type Widened<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : never;

/** A field as it is kept, whatever its types were: a value only ever comes from the field itself. */
export interface AnyField {
  readonly types: readonly EventType[];
  readonly initial: SessionFieldValue;
  readonly fold: (value: never, event: never) => unknown;
}

/** The next value of a field; a failed one stays so. */
export function nextValue(
  name: string,
  field: AnyField,
  { value, event, diagnostics }: FieldStep,
): SessionFieldValue {
  if (value === null) return null;
  try {
    const next: unknown = field.fold(value as never, event as never);
    if (typeof next === "string") return cut(next);
    if (typeof next === "boolean" || Number.isFinite(next)) return next as boolean | number;
    return failed(name, `gave back ${typeof next}`, diagnostics);
  } catch (error) {
    return failed(name, errorName(error), diagnostics);
  }
}

/** Not in the middle of a character of two units: half of one is no text. */
function cut(text: string): string {
  if (text.length <= MAX_TEXT_LENGTH) return text;
  const last = text.codePointAt(MAX_TEXT_LENGTH - 1) ?? 0;
  return text.slice(0, last > 0xffff ? MAX_TEXT_LENGTH - 1 : MAX_TEXT_LENGTH);
}

interface FieldStep {
  readonly value: SessionFieldValue;
  readonly event: Event;
  readonly diagnostics: Diagnostics;
}

function failed(name: string, reason: string, diagnostics: Diagnostics): null {
  diagnostics.dropped("session-metrics", "field_failed", 1);
  const message = `the field "${name}" failed (${reason}); it is null in that session, and later failures are only counted`;
  diagnostics.warnOnce("session-metrics", name, message);
  return null;
}
