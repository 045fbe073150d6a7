import { setImmediate as turn } from "node:timers/promises";

/** Counts what a program can notice of rejections and warnings without asking for it. */
export function watchProcess() {
  let counts = none();
  process.on("unhandledRejection", () => (counts.unhandledRejections += 1));
  process.on("rejectionHandled", () => (counts.rejectionsHandledLate += 1));
  process.on("uncaughtException", (error) => counts.uncaught.push(String(error)));
  process.on("warning", ({ name, code }) => counts.warnings.push(code ?? name));
  return {
    /** What happened since the last call. */
    async take() {
      await turn();
      await turn();
      const taken = counts;
      counts = none();
      return taken;
    },
  };
}

function none() {
  return { unhandledRejections: 0, rejectionsHandledLate: 0, uncaught: [], warnings: [] };
}
