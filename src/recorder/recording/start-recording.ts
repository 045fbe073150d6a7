import { isObservabilityError } from "../../errors/index.ts";
import type { Sink, SinkHealth } from "../../events/index.ts";
import { createJsonLog } from "../../sinks/json-log/index.ts";
import { createAuditLog } from "../../sinks/audit-log/create-audit-log.ts";
import { createDistributionLater } from "../../sinks/distribution/index.ts";
import { createEventStore } from "../../sinks/event-store/create-event-store.ts";
import {
  type Ask,
  BIT_OF,
  type EventBatch,
  type FromRecording,
  type Questions,
  type RecordingSink,
  type RecordingStart,
  type SentError,
  TAKEN,
  type ToRecording,
} from "../protocol.ts";
import { RemoteOutlet } from "./remote-outlet.ts";
import { Reporter } from "./reporter.ts";

type Send = (message: FromRecording) => void;

/** The end of a line of messages where events are recorded, in whichever thread that is. */
export interface Recording {
  receive(message: ToRecording): void;
  /** Nothing is reported any more. */
  stop(): void;
}

/** Starts the sinks that are asked for. */
export function startRecording(start: RecordingStart, send: Send): Recording {
  const reporter = new Reporter(send, () => ({
    health: healthOf(sinks),
    head: sinks.audit?.log.head(),
  }));
  const sinks = createSinks(start, send, reporter);
  const questions = questionsFor(sinks);

  async function answer({ id, name, parameters }: Ask): Promise<void> {
    // the application's side has the types of `Questions`, too
    const question = questions[name] as (...given: readonly unknown[]) => Promise<unknown>;
    const outcome = await question(...parameters).then(
      (value) => ({ value }),
      (error: unknown) => ({ error: sentError(error) }),
    );
    reporter.report();
    send({ kind: "answer", id, ...outcome });
  }

  return {
    receive(message) {
      if (message.kind === "ask") return void answer(message);
      hand(message, sinks);
      Atomics.add(start.progress, TAKEN, message.events.length);
    },
    stop: () => reporter.stop(),
  };
}

type RecordingSinks = ReturnType<typeof createSinks>;

function createSinks(
  { options, readFromMs, progress }: RecordingStart,
  send: Send,
  reporter: Reporter,
) {
  const { audit, store, redis, log } = options;
  const { diagnostics } = reporter;
  const outlet = new RemoteOutlet(send, progress);
  return {
    audit: audit && createAuditLog({ ...audit, diagnostics }),
    store: store && createEventStore({ ...store, diagnostics }),
    log:
      log && createJsonLog({ ...log, diagnostics, onWritten: (lines) => reporter.logged(lines) }),
    redis:
      redis &&
      createDistributionLater({
        ...redis,
        // by the clock of this thread, which began later
        startedAtMs: readFromMs - performance.timeOrigin,
        publishRemote: outlet.publish,
        hasRoom: outlet.hasRoom,
        diagnostics,
      }),
  };
}

function sinkOf(sinks: RecordingSinks, name: RecordingSink): Sink | undefined {
  return name === "event-store" ? sinks.store : sinks[name];
}

/** Each event to the sinks that it is for, in the order in which the bus has them. */
function hand(
  { events, masks, gaps }: EventBatch,
  { audit, store, redis, log }: RecordingSinks,
): void {
  const lostBefore = new Map(gaps);
  const lose = (index: number) => audit?.lose?.(lostBefore.get(index) ?? 0);
  for (const [index, event] of events.entries()) {
    const mask = masks[index] ?? 0;
    if (lostBefore.size > 0) lose(index);
    if ((mask & BIT_OF.audit) !== 0) audit?.handle(event);
    if ((mask & BIT_OF["event-store"]) !== 0) store?.handle(event);
    if ((mask & BIT_OF.log) !== 0) log?.handle(event);
    if ((mask & BIT_OF.redis) !== 0) redis?.handle(event);
  }
  if (lostBefore.size > 0) lose(events.length);
}

function questionsFor(sinks: RecordingSinks): Questions {
  const { audit, store } = sinks;
  return {
    flush: async (name) => sinkOf(sinks, name)?.forceFlush?.(),
    shutdown: async (name) => sinkOf(sinks, name)?.shutdown?.(),
    finishOpening: async () => store?.finishOpening(),
    processEnds: async () => store?.processEnds(),
    flushAuditLog: async () => audit?.log.forceFlush(),
    queryAuditLog: async (query) => (await audit?.log.query(query)) ?? { records: [] },
    pageOfStore: async (query) => (await store?.store.page(query)) ?? { events: [] },
  };
}

function healthOf(sinks: RecordingSinks): Record<string, SinkHealth> {
  const healths = [sinks.audit, sinks.store, sinks.log, sinks.redis].flatMap((sink) =>
    sink?.health ? [[sink.name, sink.health()] as const] : [],
  );
  return Object.fromEntries(healths);
}

function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { isOurs: false, message: String(error) };
  const { message } = error;
  if (isObservabilityError(error)) return { isOurs: true, code: error.code, message };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { isOurs: false, message, ...(code !== undefined && { code }) };
}
