import type { Diagnostics } from "../diagnostics/index.ts";
import type { Publish, Sink } from "../events/index.ts";
import type { AuditLogSink } from "../sinks/audit-log/index.ts";
import type { EventStoreSink } from "../sinks/event-store/index.ts";
import { LOGGED_TYPES } from "../sinks/json-log/index.ts";
import { linkOpener } from "./open-link.ts";
import type { RecordingOptions } from "./protocol.ts";
import { absoluteStore, recordedEventStore } from "./recorded-event-store.ts";
import { recordedAuditLog } from "./recorded-audit-log.ts";
import { recordedSink } from "./recorded-sink.ts";
import { Recorder } from "./recorder.ts";

export interface CreateRecorderOptions {
  readonly recording: RecordingOptions;
  /** Where the program of the thread is, if it is anywhere. */
  readonly findThread: () => URL | undefined;
  readonly publishRemote: Publish;
  readonly diagnostics: Diagnostics;
  /** What a flush may take, and the shutdown: more than the sinks themselves take. Milliseconds. */
  readonly limitMs: number;
}

/** What writes and sends events, as the application has it; each is missing unless it is asked for. */
export interface RecordedSinks {
  readonly audit: AuditLogSink | undefined;
  readonly store: EventStoreSink | undefined;
  readonly log: Sink | undefined;
  readonly redis: Sink | undefined;
  /** The process is about to end by itself, after a flush: waits for what was still being started then. */
  processEnds(): Promise<void>;
}

/** What may be waited for at a process's end, for the thread to start and write what it was started for. */
const START_LIMIT_MS = 30_000;

/** The sinks that have more to do with an event than the application's thread should. */
export function createRecorder(given: CreateRecorderOptions): RecordedSinks {
  const { findThread, publishRemote, diagnostics, limitMs } = given;
  const { audit, store, redis, log } = given.recording;
  if (!audit && !store && !redis) return NOTHING;
  const options = {
    audit,
    redis,
    log,
    store: store && { ...store, store: absoluteStore(store.store) },
  };
  const open = linkOpener(findThread, diagnostics);
  const recorder = new Recorder({ options, open, publishRemote, diagnostics });
  const sinks = {
    audit: audit && recordedAuditLog(recorder, audit, limitMs),
    store: options.store && recordedEventStore(recorder, options.store, limitMs),
    log: log && {
      ...recordedSink({ recorder, tally: recorder.enter("log"), limitMs }),
      types: LOGGED_TYPES,
    },
    redis: redis && recordedSink({ recorder, tally: recorder.enter("redis"), limitMs }),
  };
  return {
    ...sinks,
    async processEnds() {
      await recorder.finishStart(START_LIMIT_MS);
      await sinks.store?.processEnds();
    },
  };
}

const NOTHING: RecordedSinks = {
  audit: undefined,
  store: undefined,
  log: undefined,
  redis: undefined,
  processEnds: async () => {},
};
