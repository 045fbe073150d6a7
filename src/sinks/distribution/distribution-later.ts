import { loadLater } from "../../diagnostics/index.ts";
import type { Event, Sink } from "../../events/index.ts";
import type { DistributionOptions } from "./create-distribution.ts";

/** Injected so that what happens before, and without it, can be tried. */
export type LoadDistribution = () => Promise<{
  readonly createDistribution: (options: DistributionOptions) => Sink;
}>;

/** The distribution, which few applications have: loaded when it is asked for. Events wait for it, within its bound. */
export function createDistributionLater(
  options: DistributionOptions,
  load: LoadDistribution = () => import("./create-distribution.ts"),
): Sink {
  const { diagnostics, maxQueueSize } = options;
  const { startedAtMs = performance.now() } = options;
  let waiting: Event[] = [];
  let sink: Sink | undefined;
  let hasFailed = false;
  const loading = loadLater("redis", load, diagnostics)()
    .then(({ createDistribution }) => {
      sink = createDistribution({ ...options, startedAtMs });
      for (const event of waiting) sink.handle(event);
    })
    // told of where it fails
    .catch(() => {
      hasFailed = true;
      if (waiting.length > 0) diagnostics.dropped("redis", "not_loaded", waiting.length);
    })
    .finally(() => (waiting = []));

  return {
    name: "redis",
    health: () =>
      sink?.health?.() ??
      (hasFailed
        ? { state: "failing", lastError: "it could not be loaded" }
        : { state: "unknown" }),
    handle(event) {
      if (sink) return sink.handle(event);
      if (hasFailed) diagnostics.dropped("redis", "not_loaded", 1);
      else if (waiting.length < maxQueueSize) waiting.push(event);
      else diagnostics.dropped("redis", "queue_full", 1);
    },
    async forceFlush() {
      await loading;
      await sink?.forceFlush?.();
    },
    async shutdown() {
      await loading;
      await sink?.shutdown?.();
    },
  };
}
