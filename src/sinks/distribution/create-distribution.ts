import { randomUUID } from "node:crypto";
import { type Diagnostics, loadLater } from "../../diagnostics/index.ts";
import type { Event, Publish, Sink, SinkHealth } from "../../events/index.ts";
import { within } from "../../timing/index.ts";
import { Outbox } from "./outbox.ts";
import { createOwnContext } from "./own-context.ts";
import { Reader } from "./reader.ts";
import { type LoadRedis, loadRedis } from "./redis-client.ts";
import { openConnection } from "./redis-connection.ts";
import type { RedisFailure } from "./redis-failure.ts";
import { Sender } from "./sender.ts";

export interface DistributionOptions {
  /** `redis://` or `rediss://`, user and password included; never shown. */
  readonly url: string;
  /** Before the names of all keys. */
  readonly prefix: string;
  /** Entries that the stream keeps, about. */
  readonly maxLength: number;
  /** Events that wait at the most; the next one is dropped and counted. */
  readonly maxQueueSize: number;
  /** What one command may take. Milliseconds. */
  readonly timeoutMs: number;
  /** What `shutdown()` may take; events that are not through by then are given up and counted. Milliseconds. */
  readonly shutdownLimitMs: number;
  /** Takes the events of other instances. */
  readonly publishRemote: Publish;
  /** Resolves when it can take more of them; no more are read until then. Default at once. */
  readonly hasRoom?: () => Promise<void>;
  readonly diagnostics: Diagnostics;
  /** When this instance began, by `performance.now()`; events of others are read from then on. Default now. */
  readonly startedAtMs?: number;
  readonly loadRedis?: LoadRedis;
}

const DESTINATION = "redis";

/** Sends the events of this process to a stream in Redis, and hands on those that other instances have sent. */
export function createDistribution(options: DistributionOptions): Sink {
  const { url, timeoutMs, diagnostics } = options;
  const key = `${options.prefix}events`;
  const instance = randomUUID();
  const own = createOwnContext();
  const load = loadLater(DESTINATION, () => loadRedis(options.loadRedis), diagnostics);
  const connect = async () => openConnection(await load(), { url, timeoutMs });
  const sending = watchHealth("events can't be sent", diagnostics);
  const reading = watchHealth("events of other instances can't be read", diagnostics);
  const outbox = new Outbox({ instance, maxSize: options.maxQueueSize, diagnostics });
  const common = { connect, key, diagnostics, random: Math.random };
  const sender = new Sender({
    ...common,
    outbox,
    maxLength: options.maxLength,
    onTry: sending.onTry,
    own,
  });
  const reader = new Reader({
    ...common,
    instance,
    loadParser: async () => (await import("../../schemas/index.ts")).parseEventText,
    publish: options.publishRemote,
    hasRoom: options.hasRoom ?? (async () => {}),
    onTry: reading.onTry,
    now: () => performance.now(),
    startedAtMs: options.startedAtMs ?? performance.now(),
  });
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    reader.stop();
    await within(options.shutdownLimitMs, sender.flush());
    sender.close();
    outbox.clear("shutdown_timeout");
  }

  void own(() => reader.run());
  return {
    name: DESTINATION,
    health: () => worse(sending.health(), reading.health()),
    handle(event: Event) {
      if (closing) diagnostics.dropped(DESTINATION, "closed", 1);
      else sender.add(event);
    },
    forceFlush: () => sender.flush(),
    shutdown: () => (closing ??= close()),
  };
}

interface WatchedHealth {
  readonly onTry: (failure: RedisFailure | undefined) => void;
  readonly health: () => SinkHealth;
}

function watchHealth(what: string, diagnostics: Diagnostics): WatchedHealth {
  let health: SinkHealth = { state: "unknown" };
  return {
    onTry(failure) {
      health = failure
        ? { state: "failing", lastError: `${what} (${failure.advice})` }
        : { state: "ok" };
      // a missing package has been told of by whoever loaded it
      if (failure?.isFinal === false) {
        diagnostics.warnOnce(DESTINATION, what, `${health.lastError}; it is tried again`);
      }
    },
    health: () => health,
  };
}

/** Both ways work, or the health is that of the one that doesn't. */
function worse(sending: SinkHealth, reading: SinkHealth): SinkHealth {
  if (sending.state === "failing") return sending;
  // a process that had nothing to send yet
  return reading;
}
