import type { ChainReport, VerifyReport } from "../../sinks/audit-log/reading.ts";

/** What was found, for a person; a problem is a line `file:line: why`. */
export function describeReport(report: VerifyReport, expectedHeads: readonly string[]): string {
  const { chains, missingHeads } = report;
  const missing = missingHeads.map((hash) => `expected head ${hash} is not in the log`);
  const found = expectedHeads.length - missing.length;
  const lines = [
    ...missing,
    ...chains.flatMap(describeChain),
    ...(found > 0 ? [`${counted(found, "expected head")} found`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function describeChain(chain: ChainReport): string[] {
  const { name, files, isUnkeyed, first, head, problem } = chain;
  const verdict = problem ? "NOT AS IT WAS WRITTEN" : "whole";
  const making =
    isUnkeyed && !problem
      ? ", made WITHOUT the key: whoever could write it could make it anew"
      : "";
  const lines = [`${name}: ${verdict}, ${counted(files, "file")}${making}`];
  if (problem) lines.push(`  ${problem.file}:${problem.line}: ${problem.why}`);
  if (first && head) {
    const extent = `records ${first.sequence} to ${head.sequence}`;
    const time = `${new Date(first.at).toISOString()} to ${new Date(head.at).toISOString()}`;
    lines.push(`  ${problem ? "before it " : ""}${extent}, ${time}`, ...notes(chain));
    lines.push(`  head ${head.hash}`);
  }
  return lines;
}

function notes({ tally }: ChainReport): string[] {
  const { events, lostEvents, cuts, disturbances } = tally;
  const lines = [`  ${counted(events, "event")}`];
  if (lostEvents > 0) lines.push(`  ${counted(lostEvents, "event")} could not be recorded`);
  if (cuts > 0) lines.push(`  ${counted(cuts, "unfinished line")} cut off after a crash`);
  if (disturbances > 0) {
    lines.push(`  ${counted(disturbances, "file")} taken away or written to by somebody else`);
  }
  return lines;
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}
