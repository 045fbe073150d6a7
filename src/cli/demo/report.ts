import type { ShutdownReport } from "../../runtime/observability.ts";
import { formatDuration } from "./duration.ts";
import type { Snapshot } from "./statistics.ts";
import { row, summaryLines } from "./summary.ts";
import type { TurnCounts } from "./traffic.ts";

export interface ReportOptions {
  readonly snapshot: Snapshot;
  readonly turns: TurnCounts;
  readonly shutdown: ShutdownReport;
}

/** What is printed at the end: the totals, and what was lost. */
export function report({ snapshot, turns, shutdown }: ReportOptions): string {
  const visitors = Object.entries(turns).map(([result, times]) => `${result} ${times}`);
  return [
    `Demo ended after ${formatDuration(snapshot.uptimeMs)}.`,
    "",
    ...summaryLines(snapshot),
    row("visitors", visitors.join(", ")),
    row("lost", describeLoss(shutdown)),
    "",
  ].join("\n");
}

function describeLoss({ lost, openOperations, timedOut }: ShutdownReport): string {
  const losses = Object.entries(lost).filter(([, times]) => times > 0);
  const parts = [
    ...losses.map(([destination, times]) => `${destination} ${times}`),
    ...(openOperations > 0 ? [`${openOperations} calls still under way`] : []),
    ...(timedOut ? ["flushing took too long and was stopped"] : []),
  ];
  return parts.length > 0 ? parts.join(", ") : "nothing";
}
