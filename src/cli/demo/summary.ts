import { formatDuration } from "./duration.ts";
import type { ModelTotals, Snapshot } from "./statistics.ts";

const LABEL_WIDTH = 12;

/** The live summary, a line each; no line ends with a line break. */
export function summaryLines(snapshot: Snapshot): string[] {
  const { latencyP50Ms, latencyP95Ms, firstTokenP50Ms } = snapshot;
  return [
    row("uptime", formatDuration(snapshot.uptimeMs)),
    row(
      "requests",
      `${count(snapshot.finished)} finished, ${count(snapshot.active)} under way, ${count(snapshot.retries)} retries`,
    ),
    row("outcomes", outcomes(snapshot)),
    row("latency", `p50 ${seconds(latencyP50Ms)}, p95 ${seconds(latencyP95Ms)}`),
    row("first token", `p50 ${seconds(firstTokenP50Ms)}`),
    row("tokens", `${count(snapshot.inputTokens)} in, ${count(snapshot.outputTokens)} out`),
    row("cost", cost(snapshot)),
    ...modelRows(snapshot.models),
    row("sessions", `${count(snapshot.activeSessions)} active`),
    ...(snapshot.problem === undefined ? [] : [row("problem", snapshot.problem)]),
  ];
}

/** The same in one line, for a log. */
export function summaryLine(snapshot: Snapshot): string {
  return [
    formatDuration(snapshot.uptimeMs),
    `${count(snapshot.finished)} finished`,
    outcomes(snapshot),
    `p50 ${seconds(snapshot.latencyP50Ms)}, p95 ${seconds(snapshot.latencyP95Ms)}`,
    `first token ${seconds(snapshot.firstTokenP50Ms)}`,
    `${count(snapshot.inputTokens)} tokens in, ${count(snapshot.outputTokens)} out`,
    cost(snapshot),
    `${count(snapshot.activeSessions)} sessions`,
  ].join(" | ");
}

/** A label and its value, in columns. */
export function row(label: string, value: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${value}`;
}

function outcomes(snapshot: Snapshot): string {
  return Object.entries(snapshot.outcomes)
    .map(([outcome, times]) => `${outcome} ${count(times)}`)
    .join(", ");
}

function modelRows(models: Snapshot["models"]): string[] {
  const byCost = [...models].toSorted(([, a], [, b]) => b.costUsd - a.costUsd);
  const width = Math.max(0, ...byCost.map(([model]) => model.length));
  return byCost.map(([model, totals]) => row("", `${model.padEnd(width)}  ${modelTotals(totals)}`));
}

function modelTotals({ requests, costUsd, unpriced }: ModelTotals): string {
  const unknown = unpriced > 0 ? `, ${count(unpriced)} of unknown price` : "";
  return `${dollars(costUsd, unpriced)}  ${count(requests)} ${requests === 1 ? "request" : "requests"}${unknown}`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function seconds(durationMs: number | undefined): string {
  return durationMs === undefined ? "–" : `${(durationMs / 1000).toFixed(2)} s`;
}

function cost({ costUsd, models }: Snapshot): string {
  const unpriced = [...models.values()].reduce((sum, model) => sum + model.unpriced, 0);
  return dollars(costUsd, unpriced);
}

/** Unknown is not $0: nothing but calls of unknown price has no known cost. */
function dollars(amountUsd: number, unpriced: number): string {
  return amountUsd === 0 && unpriced > 0 ? "unknown" : `$${amountUsd.toFixed(6)}`;
}
