import type { Diagnostics } from "../../diagnostics/index.ts";
import { ObservabilityError } from "../../errors/index.ts";
import { type Event, type EventType, freezeEvent, type Sink } from "../../events/index.ts";
import { fieldProblem } from "./field-problem.ts";
import { type AnyField, nextValue } from "./session-field.ts";
import type { SessionState } from "./session-state.ts";

const MAX_FIELDS = 32;

export interface SessionFieldsOptions {
  readonly priority: number;
  readonly diagnostics: Diagnostics;
  readonly subscribe: (sink: Sink) => () => void;
  /** Whether to count an event that comes as it happens. */
  readonly isNew: (event: Event) => boolean;
  /** The session that an event belongs to. */
  readonly stateOf: (event: Event) => SessionState | undefined;
}

/** The fields of an application's own: each one has a subscription to its events, so that none costs nothing. */
export class SessionFields {
  readonly #options: SessionFieldsOptions;
  readonly #byName = new Map<string, AnyField>();

  constructor(options: SessionFieldsOptions) {
    this.#options = options;
  }

  get byName(): ReadonlyMap<string, AnyField> {
    return this.#byName;
  }

  /** @throws CONFIGURATION_INVALID */
  add(name: string, given: AnyField): () => void {
    const { priority, subscribe } = this.#options;
    this.#check(name, given);
    // one of its own each time: what sessions hold of one that was taken away is not of the next
    const field = { ...given };
    this.#byName.set(name, field);
    const unsubscribe = subscribe({
      name: `session-metrics field ${name}`,
      priority,
      types: field.types,
      remote: true,
      handle: (event) => {
        if (this.#options.isNew(event)) this.#fold(name, field, event);
      },
    });
    return () => {
      unsubscribe();
      this.#byName.delete(name);
    };
  }

  wants(type: EventType): boolean {
    return [...this.#byName.values()].some(({ types }) => types.includes(type));
  }

  /** An event of a replay. */
  restore(event: Event): void {
    for (const [name, field] of this.#byName) {
      if (field.types.includes(event.type)) this.#fold(name, field, event);
    }
  }

  #fold(name: string, field: AnyField, event: Event): void {
    const state = this.#options.stateOf(event);
    if (state === undefined) return;
    const step = { value: state.valueOf(field), event: freezeEvent(event) };
    state.set(field, nextValue(name, field, { ...step, diagnostics: this.#options.diagnostics }));
  }

  #check(name: string, field: AnyField): void {
    const problem = fieldProblem(name, field);
    if (problem !== undefined) throw invalidField(name, problem);
    if (this.#byName.has(name)) throw invalidField(name, "its name is taken");
    if (this.#byName.size >= MAX_FIELDS) {
      throw invalidField(name, `there are ${MAX_FIELDS} already`);
    }
  }
}

function invalidField(name: unknown, problem: string): ObservabilityError {
  const message = `The session field "${String(name)}" can't be added: ${problem}.`;
  return new ObservabilityError("CONFIGURATION_INVALID", message);
}
