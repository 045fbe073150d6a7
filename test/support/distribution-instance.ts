import { createDiagnostics, type Diagnostics } from "../../src/diagnostics/index.ts";
import { createEvent, type Event, type Sink } from "../../src/events/index.ts";
import {
  createDistribution,
  type DistributionOptions,
} from "../../src/sinks/distribution/create-distribution.ts";

/** The sink as an instance has it, and what it hands on. */
export interface DistributionInstance extends AsyncDisposable {
  readonly sink: Required<Pick<Sink, "health" | "forceFlush" | "shutdown">> & Sink;
  readonly diagnostics: Diagnostics;
  /** Lines on standard error. */
  readonly written: string[];
  /** Messages of the sessions that others have sent, in order. */
  readonly seen: string[];
  readonly seenEvents: Event[];
  /** Publishes one event that says `name`. */
  say(name: string): void;
  /** What was lost, by reason. */
  lost(): Record<string, number>;
  /** What was acknowledged. */
  sent(): number;
}

export function startDistribution(
  url: string,
  options: Partial<DistributionOptions> = {},
): DistributionInstance {
  const written: string[] = [];
  const seenEvents: Event[] = [];
  const diagnostics = createDiagnostics({ write: (line) => void written.push(line) });
  const sink = createDistribution({
    url,
    prefix: "test:",
    maxLength: 50_000,
    maxQueueSize: 10_000,
    timeoutMs: 1_000,
    shutdownLimitMs: 2_000,
    publishRemote: (event) => void seenEvents.push(event),
    diagnostics,
    ...options,
  });
  return {
    // a distribution has all of them
    sink: sink as DistributionInstance["sink"],
    diagnostics,
    written,
    seenEvents,
    get seen() {
      return seenEvents.map(nameOf);
    },
    say(name) {
      sink.handle(saying(name));
    },
    lost: () =>
      Object.fromEntries(
        [...diagnostics.counters.dropped.values()].map(({ reason, count }) => [reason, count]),
      ),
    sent: () => diagnostics.counters.exported.get("redis") ?? 0,
    async [Symbol.asyncDispose]() {
      await sink.shutdown?.();
    },
  };
}

/** An event that says `name`. */
export function saying(name: string): Event {
  return createEvent("session_message_added", { role: "user", messageId: name }, Date.now(), {
    sessionId: "session-1",
  });
}

function nameOf(event: Event): string {
  return event.type === "session_message_added" ? (event.data.messageId ?? "") : event.type;
}
