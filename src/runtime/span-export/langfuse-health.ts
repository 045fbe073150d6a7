import type { SinkHealth } from "../../events/index.ts";

/** An answer of the probe is good for this long, so that frequent health checks don't become traffic. */
const PROBE_VALID_MS = 30_000;

export interface LangfuseHealthOptions {
  /** What the exports say. */
  readonly exports: () => SinkHealth;
  readonly probe: () => Promise<SinkHealth>;
  readonly now?: () => number;
}

export interface LangfuseHealth {
  /** What the last export said; as long as nothing was exported, what the last probe said. */
  health(): SinkHealth;
  /** Asks Langfuse if nothing was exported yet, and not more often than every 30 s. */
  probe(): Promise<void>;
}

export function createLangfuseHealth({
  exports,
  probe,
  now = Date.now,
}: LangfuseHealthOptions): LangfuseHealth {
  let answer: SinkHealth = { state: "unknown" };
  let asking: Promise<void> | undefined;
  let askedAt = 0;

  async function ask(): Promise<void> {
    answer = await probe();
  }

  return {
    health() {
      const exported = exports();
      return exported.state === "unknown" ? answer : exported;
    },
    async probe() {
      if (exports().state !== "unknown") return;
      if (asking === undefined || now() - askedAt >= PROBE_VALID_MS) {
        askedAt = now();
        asking = ask();
      }
      await asking;
    },
  };
}
