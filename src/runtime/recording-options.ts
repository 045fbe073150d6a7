import type { ResolvedConfig } from "../config/index.ts";
import type { RecordingOptions } from "../recorder/index.ts";

const NO_FILE = new Set(["off", "stdout", "stderr"]);

/** What is to be written and sent, and where, if anything is. */
export function recordingOptions({
  audit,
  events,
  log,
  shutdownTimeoutMs,
}: ResolvedConfig): RecordingOptions {
  // each counts what it could not write, and closes, before the whole shutdown is given up
  const shutdownLimitMs = shutdownTimeoutMs * 0.9;
  const isAsked = [audit.path, events.store, events.redis].some((given) => given !== undefined);
  return {
    log: isAsked && !NO_FILE.has(log.destination) ? log : undefined,
    audit: audit.path === undefined ? undefined : { ...audit, shutdownLimitMs },
    store:
      events.store === undefined
        ? undefined
        : storeOptions(events, shutdownTimeoutMs * 0.7, events.store),
    redis:
      events.redis === undefined
        ? undefined
        : {
            url: events.redis,
            prefix: events.redisPrefix,
            maxLength: events.redisMaxLength,
            maxQueueSize: events.redisMaxQueueSize,
            timeoutMs: events.redisTimeoutMs,
            shutdownLimitMs,
          },
  };
}

function storeOptions(
  events: ResolvedConfig["events"],
  limitMs: number,
  store: string,
): RecordingOptions["store"] {
  return {
    store,
    maxBatchSize: events.storeMaxBatchSize,
    maxDelayMs: events.storeMaxDelayMs,
    maxQueueSize: events.storeMaxQueueSize,
    timeoutMs: events.storeTimeoutMs,
    maxAgeMs: events.storeMaxAgeMs,
    maxEvents: events.storeMaxEvents,
    limitMs,
  };
}
