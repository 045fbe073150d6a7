import type { Subscription } from "../../bus/index.ts";
import type { Diagnostics } from "../../diagnostics/index.ts";
import { type Event, serializeEvent } from "../../events/index.ts";
import {
  eventFrame,
  type Frame,
  gapFrame,
  heartbeatFrame,
  isWanted,
  type StreamFilter,
} from "./frame.ts";
import { RecentFrames } from "./recent-frames.ts";
import { StreamClient } from "./stream-client.ts";

export interface EventStreamOptions {
  readonly subscribe: (subscription: Subscription) => () => void;
  readonly diagnostics: Pick<Diagnostics, "dropped">;
  readonly limits?: Partial<StreamLimits>;
}

export interface StreamLimits {
  readonly maxClients: number;
  /** Events that may wait to be handed round. */
  readonly maxPending: number;
  /** What is handed round in one turn of the event loop: who reads at once must get to it before there is more than waits. */
  readonly bytesPerTurn: number;
  readonly maxRecentFrames: number;
  readonly maxRecentBytes: number;
  /** Of one client. */
  readonly maxQueuedBytes: number;
  readonly heartbeatMs: number;
  /** Heartbeats that find a client with something to read, until it is given up. */
  readonly maxIdleTicks: number;
  /** Heartbeats without a client, until events are remembered no longer. */
  readonly maxLonelyTicks: number;
}

const LIMITS: StreamLimits = {
  maxClients: 1_000,
  maxPending: 10_000,
  bytesPerTurn: 256 * 1_024,
  maxRecentFrames: 1_024,
  maxRecentBytes: 4 * 1_024 * 1_024,
  maxQueuedBytes: 1_024 * 1_024,
  heartbeatMs: 15_000,
  maxIdleTicks: 2,
  maxLonelyTicks: 8,
};

/** Events that came when too many waited. */
interface Overload {
  lost: number;
}

export interface StreamRequest {
  readonly filter: StreamFilter;
  /** Of the last event that the client has. */
  readonly lastEventId?: string | undefined;
  readonly disconnect?: (() => void) | undefined;
}

/**
 * Events as they come, for any number of clients up to a bound. Nothing is subscribed to or remembered until the first one
 * asks. A publisher only puts its event down; it is written out, and handed round, when the event loop comes round.
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #limits: StreamLimits;
  readonly #clients = new Set<StreamClient>();
  #recent: RecentFrames;
  #pending: (Event | Overload)[] = [];
  #isScheduled = false;
  #lonelyTicks = 0;
  #stop: (() => void) | undefined;
  #closed = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#recent = this.#nothingRecent();
  }

  /** `undefined`: there are too many, or it is closed. */
  open({ filter, lastEventId, disconnect }: StreamRequest): ReadableStream<Uint8Array> | undefined {
    if (this.#closed || this.#clients.size >= this.#limits.maxClients) return undefined;
    this.#stop ??= this.#start();
    this.#handRound();
    const client = new StreamClient({
      filter,
      disconnect,
      maxQueuedBytes: this.#limits.maxQueuedBytes,
      onEnd: (ended) => void this.#clients.delete(ended),
      onLoss: (count) => this.#options.diagnostics.dropped("event_stream", "slow_client", count),
    });
    if (lastEventId !== undefined) client.catchUp(this.#missedSince(lastEventId, filter));
    this.#clients.add(client);
    return client.body;
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** Ends all streams after what has happened by now. */
  close(): void {
    this.#closed = true;
    this.#handRound();
    for (const client of this.#clients) client.end();
    this.#stop?.();
    this.#stop = undefined;
  }

  #start(): () => void {
    const unsubscribe = this.#options.subscribe({
      name: "event_stream",
      handle: (event) => this.#put(event),
      remote: true,
    });
    const timer = setInterval(() => this.#tick(), this.#limits.heartbeatMs).unref();
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }

  #put(event: Event): void {
    this.#schedule();
    if (this.#pending.length < this.#limits.maxPending) return void this.#pending.push(event);
    this.#options.diagnostics.dropped("event_stream", "queue_full", 1);
    const last = this.#pending.at(-1);
    if (last !== undefined && "lost" in last) last.lost += 1;
    else this.#pending.push({ lost: 1 });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#handRound(this.#limits.bytesPerTurn);
      if (this.#pending.length > 0) this.#schedule();
    });
  }

  #handRound(maxBytes = Infinity): void {
    const pending = this.#pending;
    this.#pending = [];
    let bytes = 0;
    for (const [handed, next] of pending.entries()) {
      if (bytes >= maxBytes) return void (this.#pending = pending.slice(handed));
      const frame = this.#frameOf(next);
      if (frame === undefined) continue;
      bytes += frame.bytes.byteLength;
      this.#hand(frame);
    }
  }

  /** Nothing for what can't be written: this is a turn of its own, and an error in it would end the process. */
  #frameOf(next: Event | Overload): Frame | undefined {
    try {
      return frameOf(next);
    } catch {
      this.#options.diagnostics.dropped("event_stream", "not_json", 1);
      return undefined;
    }
  }

  #hand(frame: Frame): void {
    this.#recent.add(frame);
    for (const client of this.#clients) client.offer(frame);
  }

  #missedSince(id: string, filter: StreamFilter): readonly Frame[] {
    const missed = this.#recent.after(id) ?? [
      gapFrame("unknown_last_event_id", null),
      ...this.#recent.all(),
    ];
    return missed.filter((frame) => isWanted(frame, filter));
  }

  #tick(): void {
    this.#handRound(this.#limits.bytesPerTurn);
    const heartbeat = heartbeatFrame(this.#recent.lastId);
    for (const client of this.#clients) client.tick(heartbeat, this.#limits.maxIdleTicks);
    this.#lonelyTicks = this.#clients.size === 0 ? this.#lonelyTicks + 1 : 0;
    if (this.#lonelyTicks < this.#limits.maxLonelyTicks) return;
    this.#stop?.();
    this.#stop = undefined;
    this.#lonelyTicks = 0;
    this.#recent = this.#nothingRecent();
  }

  #nothingRecent(): RecentFrames {
    const { maxRecentFrames, maxRecentBytes } = this.#limits;
    return new RecentFrames({ maxFrames: maxRecentFrames, maxBytes: maxRecentBytes });
  }
}

function frameOf(pending: Event | Overload): Frame {
  return "lost" in pending
    ? gapFrame("overload", pending.lost)
    : eventFrame(pending, serializeEvent(pending));
}
