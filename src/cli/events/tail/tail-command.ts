import { sleepRealTime } from "../../../testing/sleep.ts";
import { abortOnInterrupt } from "../../demo/abort-on-interrupt.ts";
import type { Terminal } from "../../terminal.ts";
import { parseTailFlags, tailHelp } from "./tail-flags.ts";
import { tailEvents } from "./tail-events.ts";

/** `rlm-obs events tail`. Exit code 0 however it is ended; 1 when there is no stream. */
export async function tailCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const flags = parseTailFlags(args);
  if (flags === "help") {
    terminal.stdout.write(tailHelp);
    return 0;
  }
  const signal = abortOnInterrupt({ process, now: Date.now, onFirst: () => {} });
  await tailEvents(flags, {
    ...terminal,
    signal,
    fetch: globalThis.fetch,
    sleep: sleepRealTime,
    token: process.env["RLM_SERVER_TOKENS"]?.split(",")[0]?.trim() || undefined,
  });
  return 0;
}
