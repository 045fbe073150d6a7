import { AsyncLocalStorage } from "node:async_hooks";
import type { Diagnostics } from "../diagnostics/index.ts";
import type { Event, Publish, SinkHealth } from "../events/index.ts";
import type { AuditHead } from "../sinks/audit-log/index.ts";
import { backOffMs, holdProcess, withDeadline } from "../timing/index.ts";
import { Batch } from "./batch.ts";
import type { Link, LinkListener, OpenLink } from "./link.ts";
import { PendingQuestions } from "./pending-questions.ts";
import {
  type FromRecording,
  type Progress,
  type Questions,
  type Ready,
  type RecordingOptions,
  type RecordingSink,
  type Report,
  TAKEN,
  TAKEN_REMOTE,
} from "./protocol.ts";
import { sendBatch } from "./send-batch.ts";
import { Tally } from "./tally.ts";

export interface RecorderPorts {
  readonly options: RecordingOptions;
  readonly open: OpenLink;
  /** Takes the events of other instances. */
  readonly publishRemote: Publish;
  readonly diagnostics: Diagnostics;
}

/** Events that are handed on at once: to copy them takes a tenth of a millisecond. */
const MAX_BATCH = 256;
/** How long an event waits for others, unless the audit log is to have each at once. */
const GATHERING_MS = 10;
/** Recording that went well for so long is not what failed before. */
const STEADY_MS = 60_000;

const ENDED = "the thread that records events has ended";

/**
 * Hands events to where they are recorded, which is a thread of its own wherever it can be: to hash them, to make rows of
 * them and to send them takes longer than everything else that happens to an event. What is on its way is bounded, and
 * what is lost on it is counted as a loss of the sink that it was for.
 */
export class Recorder {
  readonly #ports: RecorderPorts;
  readonly #maxWaiting: number;
  readonly #gatheringMs: number;
  /** Not in that of the call that happens to be the first. */
  readonly #inContext = AsyncLocalStorage.snapshot();
  readonly #tallies = new Map<RecordingSink, Tally>();
  readonly #batch = new Batch();
  readonly #questions = new PendingQuestions();
  #link: Link | undefined;
  #opening: Promise<Link> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #progress: Progress = newProgress();
  /** Events that were handed on, and of them those that were taken by the time it was looked at. They run over. */
  #sent = 0;
  #taken = 0;
  #readFromMs = performance.timeOrigin + performance.now();
  #openedAtMs = 0;
  #failures = 0;
  #failing: string | undefined;
  /** Nothing will ever be recorded. */
  #isBroken = false;
  #head: AuditHead | undefined;

  constructor(ports: RecorderPorts) {
    this.#ports = ports;
    const { audit, store, redis } = ports.options;
    const sizes = [audit, store, redis].map((options) => options?.maxQueueSize ?? 0);
    this.#maxWaiting = Math.max(...sizes);
    this.#gatheringMs = audit?.fsync === "each" ? 0 : GATHERING_MS;
    if (redis) this.start();
  }

  get diagnostics(): Diagnostics {
    return this.#ports.diagnostics;
  }

  /** The last record of the audit log that is known of. */
  get head(): AuditHead | undefined {
    return this.#head;
  }

  /** The sink of this name is one of those that record. */
  enter(name: RecordingSink): Tally {
    const tally = new Tally(name);
    this.#tallies.set(name, tally);
    return tally;
  }

  /** Starts what records, unless that was done. */
  start(): void {
    // told of where it fails
    this.#opened().catch(() => {});
  }

  /** Never throws, and does nothing else than to keep the event, but for handing on those that were kept. */
  add(tally: Tally, event: Event): void {
    if (tally.isClosed) return this.diagnostics.dropped(tally.name, "closed", 1);
    if (this.#isBroken) return this.diagnostics.dropped(tally.name, "not_loaded", 1);
    const isNew = !this.#batch.endsWith(event, tally.bit);
    if (isNew && !this.#hasRoom()) return this.#overflow(tally);
    if (isNew && this.#batch.size >= MAX_BATCH) this.#handOn();
    if (this.#batch.isEmpty) this.#schedule();
    this.#batch.add(event, tally.bit);
    tally.accept();
  }

  health(tally: Tally): SinkHealth {
    if (this.#failing !== undefined) return { state: "failing", lastError: this.#failing };
    if (this.#link?.isThread !== false) return tally.health;
    return { ...tally.health, details: { ...tally.health.details, thread: "application" } };
  }

  /**
   * Asks where events are recorded; what was published before is there by then. Keeps the process alive meanwhile.
   * @throws what is answered so, and an error when no answer comes in time
   */
  async ask<Name extends keyof Questions>(
    limitMs: number,
    name: Name,
    ...parameters: Parameters<Questions[Name]>
  ): Promise<Awaited<ReturnType<Questions[Name]>>> {
    let forget: () => void = () => {};
    const asked = this.#opened().then((link) => {
      this.#handOn();
      const question = this.#questions.ask(name, parameters, (ask) => link.send(ask));
      forget = question.forget;
      return question.answer;
    });
    try {
      const late = () => Promise.reject(new Error(`no answer within ${limitMs} ms`));
      const answer = await holdProcess(withDeadline<unknown>(limitMs, asked, late));
      // `Questions` has the types of both sides
      return answer as Awaited<ReturnType<Questions[Name]>>;
    } finally {
      forget();
    }
  }

  /** Lets what is just being started write what it was started for. Never rejects. */
  async finishStart(limitMs: number): Promise<void> {
    if (this.#link !== undefined) return;
    const due = [...this.#tallies.values()].filter(({ open }) => open > 0);
    await Promise.allSettled(due.map(({ name }) => this.ask(limitMs, "flush", name)));
  }

  /** Lets the sink write what is on its way, and ends what records when it was the last one. Never rejects. */
  async close(tally: Tally, limitMs: number): Promise<{ readonly left: number }> {
    tally.isClosed = true;
    const isClosed = await this.#closeSink(tally, limitMs);
    const left = isClosed ? 0 : tally.open;
    if (left > 0) this.diagnostics.dropped(tally.name, "shutdown_timeout", left);
    tally.finish();
    if (this.#isDone) await this.#end();
    return { left };
  }

  get #isDone(): boolean {
    return [...this.#tallies.values()].every(({ isDone }) => isDone);
  }

  async #closeSink({ name }: Tally, limitMs: number): Promise<boolean> {
    // nothing was ever to be recorded
    if (this.#opening === undefined) return true;
    return this.ask(limitMs, "shutdown", name).then(
      () => true,
      () => false,
    );
  }

  async #end(): Promise<void> {
    const link = this.#link;
    this.#link = undefined;
    this.#opening = undefined;
    clearTimeout(this.#timer);
    this.#questions.rejectAll(new Error(ENDED));
    await link?.end();
  }

  #opened(): Promise<Link> {
    this.#opening ??= this.#inContext(() => this.#open());
    return this.#opening;
  }

  async #open(): Promise<Link> {
    if (this.#failures > 0) {
      const delayMs = backOffMs(this.#failures, Math.random);
      await new Promise((resolve) => setTimeout(resolve, delayMs).unref());
    }
    const { options, open } = this.#ports;
    const start = { options, readFromMs: this.#readFromMs, progress: this.#progress };
    try {
      const link = await open(start, this.#listenerOf(start.progress));
      if (this.#isDone) await link.end();
      else this.#begin(link);
      return link;
    } catch (error) {
      this.#cannotOpen(error);
      throw error;
    }
  }

  #begin(link: Link): void {
    this.#link = link;
    this.#openedAtMs = performance.now();
    this.#failing = undefined;
    this.#handOn();
  }

  #cannotOpen(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#failing = "a part of it could not be loaded";
    this.#isBroken = true;
    this.#batch.take(Number.POSITIVE_INFINITY);
    for (const tally of this.#tallies.values()) {
      if (tally.open > 0) this.diagnostics.dropped(tally.name, "not_loaded", tally.open);
      tally.finish();
    }
    this.diagnostics.warnOnce("recorder", "load", `${this.#failing}: ${reason}`);
  }

  #listenerOf(progress: Progress): LinkListener {
    return {
      onMessage: (message) => this.#receive(message, progress),
      onEnd: (reason) => this.#ended(reason),
    };
  }

  #receive(message: Exclude<FromRecording, Ready>, progress: Progress): void {
    switch (message.kind) {
      case "report":
        return this.#enter(message);
      case "answer":
        return this.#questions.settle(message);
      case "remote":
        for (const event of message.events) this.#ports.publishRemote(event);
        Atomics.add(progress, TAKEN_REMOTE, message.events.length);
    }
  }

  #enter(report: Report): void {
    this.#head = report.head ?? this.#head;
    for (const tally of this.#tallies.values()) {
      const { exported, dropped } = tally.enter(report);
      for (const success of exported) this.diagnostics.exported(...success);
      for (const loss of dropped) this.diagnostics.dropped(...loss);
    }
    for (const warning of report.warnings) this.diagnostics.warnOnce(...warning);
  }

  /** Nobody knows how much it had done of what it did not tell of: that counts as lost. */
  #ended(reason: string): void {
    this.#link = undefined;
    this.#opening = undefined;
    this.#progress = newProgress();
    this.#sent = 0;
    this.#taken = 0;
    this.#failing = `${ENDED} (${reason}) and is started again`;
    this.#failures = performance.now() - this.#openedAtMs >= STEADY_MS ? 1 : this.#failures + 1;
    // what this process sent was sent under another name: it is not to be read as somebody else's
    this.#readFromMs = performance.timeOrigin + performance.now();
    for (const tally of this.#tallies.values()) this.#countLost(tally);
    this.#questions.rejectAll(new Error(ENDED));
    const message = `${this.#failing}; what it had not told to be written is counted as lost`;
    this.diagnostics.warnOnce("recorder", "ended", message);
    if (!this.#isDone) this.start();
  }

  #countLost(tally: Tally): void {
    const gathered = this.#batch.count(tally.bit);
    const lost = tally.open - gathered;
    tally.startAgain(gathered);
    if (lost <= 0) return;
    this.diagnostics.dropped(tally.name, "thread_ended", lost);
    if (tally.name === "audit") this.#batch.loseBefore(lost);
  }

  #hasRoom(): boolean {
    if (this.#waiting < this.#maxWaiting) return true;
    this.#taken = Atomics.load(this.#progress, TAKEN);
    return this.#waiting < this.#maxWaiting;
  }

  get #waiting(): number {
    return this.#batch.size + ((this.#sent - this.#taken) | 0);
  }

  #overflow(tally: Tally): void {
    if (tally.name === "audit") this.#batch.lose(1);
    this.diagnostics.dropped(tally.name, "queue_full", 1);
  }

  #schedule(): void {
    if (this.#link === undefined) return this.start();
    this.#timer ??= this.#inContext(() =>
      setTimeout(() => this.#handOn(), this.#gatheringMs).unref(),
    );
    this.#timer.refresh();
  }

  #handOn(): void {
    while (this.#link !== undefined && !this.#batch.isEmpty) {
      const batch = this.#batch.take(MAX_BATCH);
      this.#sent = (this.#sent + batch.events.length) | 0;
      sendBatch(this.#link, batch);
    }
  }
}

function newProgress(): Progress {
  return new Int32Array(new SharedArrayBuffer(8));
}
