import type { Diagnostics } from "../diagnostics/index.ts";
import { recordHere } from "./direct-link.ts";
import type { OpenLink } from "./link.ts";

/** Starts a thread from a file, if there is one; else, or where that fails, events are recorded in this thread. */
export function linkOpener(
  findThread: () => URL | undefined,
  diagnostics: Pick<Diagnostics, "warnOnce">,
): OpenLink {
  return async (start, listener) => {
    const file = findThread();
    if (file === undefined) return recordHere(start, listener);
    try {
      const { startThread } = await import("./thread-link.ts");
      return await startThread(file, start, listener);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `events are recorded in the application's own thread, as another could not be started (${reason})`;
      diagnostics.warnOnce("recorder", "start", message);
      return recordHere(start, listener);
    }
  };
}
