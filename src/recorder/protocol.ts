import type { ErrorCode } from "../errors/index.ts";
import type { Event, SinkHealth } from "../events/index.ts";
import type {
  AuditHead,
  AuditLogOptions,
  AuditPage,
  AuditQuery,
} from "../sinks/audit-log/index.ts";
import type { DistributionOptions } from "../sinks/distribution/index.ts";
import type { JsonLogOptions } from "../sinks/json-log/index.ts";
import type { EventPage, EventQuery, EventStoreOptions } from "../sinks/event-store/index.ts";

/** What records, by its name on the bus. */
export type RecordingSink = "audit" | "event-store" | "redis" | "log";

/** Of a sink in the masks of a batch. */
export const BIT_OF: Readonly<Record<RecordingSink, number>> = {
  audit: 1,
  "event-store": 2,
  redis: 4,
  log: 8,
};

/** What is to be recorded where; missing: not at all. Plain values, which another thread can be given. */
export interface RecordingOptions {
  readonly audit?: Omit<AuditLogOptions, "diagnostics"> | undefined;
  readonly store?: Omit<EventStoreOptions, "diagnostics"> | undefined;
  /** In a file, and with one of the others: for itself it takes less than to hand events on. */
  readonly log?: Omit<JsonLogOptions, "diagnostics" | "onWritten"> | undefined;
  readonly redis?: Omit<DistributionOptions, "diagnostics" | "publishRemote"> | undefined;
}

/** What a recording is started with. */
export interface RecordingStart {
  readonly options: RecordingOptions;
  /** When events of other instances are read from. Unix epoch in milliseconds, by `performance`. */
  readonly readFromMs: number;
  readonly progress: Progress;
}

/** Counters that both sides see without a message, as a side that is busy reads none. They run over. */
export type Progress = Int32Array<SharedArrayBuffer>;
/** Events that the recording has taken. */
export const TAKEN = 0;
/** Events of other instances that the application has taken. */
export const TAKEN_REMOTE = 1;

/** Events on their way, in order. */
export interface EventBatch {
  readonly kind: "events";
  readonly events: readonly Event[];
  /** For whom each is: the bits of its sinks. */
  readonly masks: readonly number[];
  /** Where events of the audit log are missing: before which of `events`, and how many. */
  readonly gaps: readonly (readonly [index: number, events: number])[];
}

/** What a recording can be asked. What it answers comes after everything that was sent before is taken. */
export interface Questions {
  /** Never rejects. */
  flush(sink: RecordingSink): Promise<void>;
  /** Never rejects. */
  shutdown(sink: RecordingSink): Promise<void>;
  /** These two: see `EventStoreSink`. */
  finishOpening(): Promise<void>;
  processEnds(): Promise<void>;
  /** @throws AUDIT_LOG_FAILING */
  flushAuditLog(): Promise<AuditHead | undefined>;
  /** @throws QUERY_INVALID, AUDIT_LOG_FAILING */
  queryAuditLog(query: AuditQuery): Promise<AuditPage>;
  /** @throws QUERY_INVALID, STORE_UNAVAILABLE and what else a store that can't be opened throws */
  pageOfStore(query: EventQuery): Promise<EventPage>;
}

export interface Ask {
  readonly kind: "ask";
  readonly id: number;
  readonly name: keyof Questions;
  readonly parameters: readonly unknown[];
}

export type ToRecording = EventBatch | Ask;

/** What happened since the last report. */
export interface Report {
  readonly kind: "report";
  readonly exported: readonly (readonly [destination: string, count: number])[];
  readonly dropped: readonly (readonly [destination: string, reason: string, count: number])[];
  /** Lines of the JSON log that were written, which nobody counts as exported. */
  readonly logged: number;
  readonly warnings: readonly (readonly [component: string, key: string, message: string])[];
  readonly health: Readonly<Partial<Record<RecordingSink, SinkHealth>>>;
  readonly head: AuditHead | undefined;
}

/** An error without what does not cross: its class, its cause. */
export type SentError =
  | { readonly isOurs: true; readonly code: ErrorCode; readonly message: string }
  | { readonly isOurs: false; readonly code?: string; readonly message: string };

export type Answer =
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "answer"; readonly id: number; readonly error: SentError };

/** Events of other instances. */
export interface RemoteEvents {
  readonly kind: "remote";
  readonly events: readonly Event[];
}

/** It has started, as this build of the package. */
export interface Ready {
  readonly kind: "ready";
}

export type FromRecording = Ready | Report | Answer | RemoteEvents;
