import type { TerminalEvent } from "../../events/index.ts";
import { isoTime } from "../../timing/index.ts";
import { CallTotals } from "./call-totals.ts";
import { RequestLog } from "./request-log.ts";
import type { AnyField } from "./session-field.ts";
import type { SessionError, SessionFieldValue, SessionRecord } from "./session-record.ts";

interface TerminalFailure {
  readonly errorType: string;
  readonly model: string;
  readonly atMs: number;
}

/** What is kept of a session. */
export class SessionState {
  readonly totals: CallTotals;
  readonly #log: RequestLog;
  #userId: string | undefined;
  #userAtMs = Number.NEGATIVE_INFINITY;
  #lastFailure: TerminalFailure | undefined;
  #fields: Map<AnyField, SessionFieldValue> | undefined;

  constructor(atMs: number, maxRequests: number) {
    this.totals = new CallTotals(atMs);
    this.#log = new RequestLog(maxRequests);
  }

  get userId(): string | undefined {
    return this.#userId;
  }

  /** The one that was named last: what other processes did, or what is replayed, comes in any order. */
  belongsTo(userId: string | undefined, atMs: number): void {
    if (userId === undefined || atMs < this.#userAtMs) return;
    this.#userId = userId;
    this.#userAtMs = atMs;
  }

  add(event: TerminalEvent): void {
    this.totals.add(event);
    this.#log.add(event);
    if (event.type === "llm_request_completed") return;
    const { outcome, errorType, model } = event.data;
    if (outcome !== "error" && outcome !== "truncated") return;
    if (this.#lastFailure !== undefined && event.timestamp < this.#lastFailure.atMs) return;
    this.#lastFailure = { errorType, model, atMs: event.timestamp };
  }

  valueOf(field: AnyField): SessionFieldValue {
    const value = this.#fields?.get(field);
    return value === undefined ? field.initial : value;
  }

  set(field: AnyField, value: SessionFieldValue): void {
    this.#fields ??= new Map();
    this.#fields.set(field, value);
  }

  toRecord(id: string, fields: ReadonlyMap<string, AnyField>, withRequests = true): SessionRecord {
    const values = [...fields].map(([name, field]) => [name, this.valueOf(field)] as const);
    return {
      session_id: id,
      user_id: this.#userId ?? null,
      ...this.totals.toRecord(),
      last_error: this.#lastFailure ? toRecord(this.#lastFailure) : null,
      fields: Object.fromEntries(values),
      requests: withRequests ? this.#log.toRecords() : [],
    };
  }
}

function toRecord({ errorType, model, atMs }: TerminalFailure): SessionError {
  return { error: errorType, model, timestamp: isoTime(atMs) };
}
