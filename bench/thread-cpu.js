// CPU time of one thread, where the system says it.
import { readFileSync } from "node:fs";

const PATH = `/proc/self/task/${process.pid}/schedstat`;

/** What the main thread of this process has taken so far, in microseconds; `undefined` where nobody says. Linux. */
export function mainThreadCpuMicros() {
  try {
    return Number(readFileSync(PATH, "utf8").split(" ")[0]) / 1_000;
  } catch {
    return undefined;
  }
}
