import type { Output } from "../terminal.ts";
import { Screen } from "./screen.ts";
import type { Statistics } from "./statistics.ts";
import { summaryLine, summaryLines } from "./summary.ts";

const REDRAW_MS = 500;
const LINE_MS = 5000;

/** Shows the statistics: redrawn in place on a terminal, a line every few seconds elsewhere. */
export interface LiveSummary {
  stop(): void;
}

export function startLiveSummary(output: Output, statistics: Statistics): LiveSummary {
  if (!output.isTTY) {
    const print = () => output.write(`${summaryLine(statistics.snapshot())}\n`);
    const timer = setInterval(print, LINE_MS);
    return { stop: () => clearInterval(timer) };
  }
  const screen = new Screen(output);
  const draw = () => screen.draw(summaryLines(statistics.snapshot()));
  const timer = setInterval(draw, REDRAW_MS);
  draw();
  return {
    stop() {
      clearInterval(timer);
      screen.clear();
    },
  };
}
