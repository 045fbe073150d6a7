/** How this package speaks of itself: one line for each problem, and a counter for every loss. */
export interface Diagnostics {
  /** Reports a problem of `component` once for each `key`; later ones are only counted. */
  warnOnce(component: string, key: string, message: string): void;
  /** Counts telemetry that `destination` lost. */
  dropped(destination: string, reason: string, count: number): void;
  /** Counts telemetry that `destination` accepted. */
  exported(destination: string, count: number): void;
  /** Counts a handler that threw or rejected. */
  handlerFailed(handler: string): void;
  /** Counts a request to `provider` that nothing observed. */
  uninstrumented(provider: string): void;
  /** Counts a request to `provider` that went through an observed `fetch` and is of no wire format. */
  unclassified(provider: string, api: string): void;
  readonly counters: DiagnosticCounters;
}

/** Exact totals since start; read by the metrics sink at scrape time. */
export interface DiagnosticCounters {
  readonly dropped: ReadonlyMap<string, LossCounter>;
  readonly exported: ReadonlyMap<string, number>;
  readonly handlerErrors: ReadonlyMap<string, number>;
  readonly uninstrumented: ReadonlyMap<string, number>;
  readonly unclassified: ReadonlyMap<string, UnclassifiedCounter>;
}

export interface UnclassifiedCounter {
  readonly provider: string;
  readonly api: string;
  count: number;
}

export interface LossCounter {
  readonly destination: string;
  readonly reason: string;
  count: number;
}

interface Problem {
  readonly component: string;
  readonly message: string;
}

export interface DiagnosticsOptions {
  /** Where problems are written; default one line on standard error. */
  readonly write?: (line: string) => void;
  /** Told of every first problem; the runtime publishes it as `system_error`. */
  readonly onProblem?: (component: string, message: string) => void;
}

/** Distinct problems that are remembered; past it, new ones are not written any more. */
const MAX_REMEMBERED_PROBLEMS = 200;

/** Kinds of unclassified requests that are told apart; providers and APIs are few, but an application names its own. */
const MAX_UNCLASSIFIED = 1000;

/** Handlers and losses that are told apart: an application names its subscribers as it likes. */
const MAX_HANDLERS = 200;
const MAX_LOSSES = 1000;

export function createDiagnostics(options: DiagnosticsOptions = {}): Diagnostics {
  const write = options.write ?? writeToStandardError;
  const seen = new Set<string>();
  const dropped = new Map<string, LossCounter>();
  const exported = new Map<string, number>();
  const handlerErrors = new Map<string, number>();
  const uninstrumented = new Map<string, number>();
  const unclassified = new Map<string, UnclassifiedCounter>();
  let reporting = false;
  /** Found while another one was being reported: each can lead to the next, not to one within the other. */
  const waiting: Problem[] = [];

  function report(problem: Problem): void {
    waiting.push(problem);
    if (reporting) return;
    reporting = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) tell(next);
    reporting = false;
  }

  function tell({ component, message }: Problem): void {
    try {
      write(`[rlm-obs] ${component}: ${message}`);
      options.onProblem?.(component, message);
    } catch {
      // nobody left to tell
    }
  }

  function countUnclassified(provider: string, api: string): void {
    const key = `${provider}\u0000${api}`;
    const counter = unclassified.get(key);
    if (counter) counter.count += 1;
    else if (unclassified.size < MAX_UNCLASSIFIED || provider === "other") {
      unclassified.set(key, { provider, api, count: 1 });
    } else countUnclassified("other", api);
  }

  function countLoss(destination: string, reason: string, count: number): void {
    const key = `${destination}\u0000${reason}`;
    const counter = dropped.get(key);
    if (counter) counter.count += count;
    else if (dropped.size < MAX_LOSSES || destination === "other") {
      dropped.set(key, { destination, reason, count });
    } else countLoss("other", reason, count);
  }

  return {
    warnOnce(component, key, message) {
      const id = `${component}\u0000${key}`;
      if (seen.has(id) || seen.size >= MAX_REMEMBERED_PROBLEMS) return;
      seen.add(id);
      report({ component, message });
    },
    dropped: countLoss,
    exported(destination, count) {
      exported.set(destination, (exported.get(destination) ?? 0) + count);
    },
    handlerFailed(handler) {
      const known = handlerErrors.has(handler) || handlerErrors.size < MAX_HANDLERS;
      const name = known ? handler : "other";
      handlerErrors.set(name, (handlerErrors.get(name) ?? 0) + 1);
    },
    uninstrumented(provider) {
      uninstrumented.set(provider, (uninstrumented.get(provider) ?? 0) + 1);
    },
    unclassified: countUnclassified,
    counters: { dropped, exported, handlerErrors, uninstrumented, unclassified },
  };
}

function writeToStandardError(line: string): void {
  const { stderr } = process;
  stderr.write(`${line}\n`, (error) => {
    // whoever read there has gone; unheard, the stream's `error` event would end the program
    if (error && stderr.listenerCount("error") === 0) stderr.once("error", () => {});
  });
}
