import { sleepRealTime } from "../../testing/sleep.ts";
import type { Terminal } from "../terminal.ts";
import { abortOnInterrupt } from "./abort-on-interrupt.ts";
import { demoHelp, parseDemoFlags } from "./flags.ts";
import { loadOpenAi } from "./load-openai.ts";
import { runDemo } from "./run-demo.ts";

const STOPPING = "\nStopping: calls under way are finished first. Ctrl-C again ends at once.\n";

/** `rlm-obs demo`. Exit code 0 however it is ended; 1 when it can't start. */
export async function demo(args: readonly string[], { stdout, stderr }: Terminal): Promise<number> {
  const flags = parseDemoFlags(args);
  if (flags === "help") {
    stdout.write(demoHelp);
    return 0;
  }
  const { createObservability } = await import("../../create-observability.ts");
  const OpenAI = await loadOpenAi();
  const signal = abortOnInterrupt({
    process,
    now: Date.now,
    onFirst: () => stderr.write(STOPPING),
  });
  await runDemo(flags, {
    createObservability,
    OpenAI,
    stdout,
    environment: process.env,
    signal,
    now: Date.now,
    sleep: sleepRealTime,
  });
  return 0;
}
