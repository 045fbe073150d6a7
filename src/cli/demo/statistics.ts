import type { Event, EventHandler, Outcome, TerminalEvent } from "../../events/index.ts";
import { RecentValues } from "./recent-values.ts";

/** Models told apart; the next ones are summed up as `other`. */
const MAX_MODELS = 12;

export interface ModelTotals {
  requests: number;
  costUsd: number;
  /** Calls with tokens whose price isn't known. */
  unpriced: number;
}

/** What the demo has seen on the event bus so far. */
export interface Snapshot {
  readonly uptimeMs: number;
  /** Operations under way. */
  readonly active: number;
  readonly finished: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly retries: number;
  readonly latencyP50Ms: number | undefined;
  readonly latencyP95Ms: number | undefined;
  readonly firstTokenP50Ms: number | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly models: ReadonlyMap<string, Readonly<ModelTotals>>;
  readonly activeSessions: number;
  /** The latest `system_error`. */
  readonly problem?: string;
}

export interface Statistics {
  /** Give it to `obs.subscribe`. */
  readonly handle: EventHandler;
  readonly active: number;
  snapshot(): Snapshot;
}

/** Sums up events in memory that doesn't grow with their number. */
export function createStatistics(now: () => number): Statistics {
  const startedAt = now();
  const outcomes = { success: 0, error: 0, aborted: 0, abandoned: 0, truncated: 0 };
  const models = new Map<string, ModelTotals>();
  const latencies = new RecentValues();
  const firstTokens = new RecentValues();
  const totals = {
    active: 0,
    finished: 0,
    retries: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
  };
  let activeSessions = 0;
  let problem: string | undefined;

  function finish({ data }: TerminalEvent): void {
    const { usage, cost } = data;
    totals.active -= 1;
    totals.finished += 1;
    totals.retries += Math.max(0, data.attempts.length - 1);
    totals.inputTokens += usage?.inputTokens ?? 0;
    totals.outputTokens += usage?.outputTokens ?? 0;
    totals.costUsd += cost?.totalUsd ?? 0;
    outcomes[data.outcome] += 1;
    latencies.add(data.durationMs);
    if (data.timeToFirstTokenMs !== undefined) firstTokens.add(data.timeToFirstTokenMs);

    const model = totalsOf(models, data.model);
    model.requests += 1;
    model.costUsd += cost?.totalUsd ?? 0;
    if (usage && !cost) model.unpriced += 1;
  }

  function handle(event: Event): void {
    switch (event.type) {
      case "llm_request_started":
        totals.active += 1;
        break;
      case "llm_request_completed":
      case "llm_request_failed":
        finish(event);
        break;
      case "session_started":
        activeSessions += 1;
        break;
      case "session_ended":
        activeSessions -= 1;
        break;
      case "system_error":
        problem = `${event.data.component}: ${event.data.message}`;
        break;
      default:
    }
  }

  return {
    handle,
    get active() {
      return totals.active;
    },
    snapshot: () => ({
      ...totals,
      uptimeMs: now() - startedAt,
      outcomes: { ...outcomes },
      latencyP50Ms: latencies.quantile(0.5),
      latencyP95Ms: latencies.quantile(0.95),
      firstTokenP50Ms: firstTokens.quantile(0.5),
      models: structuredClone(models),
      activeSessions,
      ...(problem !== undefined && { problem }),
    }),
  };
}

function totalsOf(models: Map<string, ModelTotals>, model: string): ModelTotals {
  const name = models.has(model) || models.size < MAX_MODELS ? model : "other";
  const known = models.get(name);
  if (known) return known;
  const totals = { requests: 0, costUsd: 0, unpriced: 0 };
  models.set(name, totals);
  return totals;
}
