import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { createDiagnostics } from "../../src/diagnostics/index.ts";
import { createEventStore } from "../../src/sinks/event-store/index.ts";

const PROGRAM = fileURLToPath(new URL("../support/store-until-killed.js", import.meta.url));

export interface KilledRun {
  readonly run: string;
  /** Its first so many events were acknowledged. */
  readonly acknowledged: number;
  /** What it said last. */
  readonly output: string;
}

/** Runs an application that stores events, and kills it: so long after it started, or after its first acknowledgement. */
export async function runAndKill(
  store: string,
  run: string,
  { after, delayMs }: { after: "start" | "acknowledgement"; delayMs: number },
): Promise<KilledRun> {
  const child = spawn(process.execPath, [PROGRAM, store, run], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let kill: NodeJS.Timeout | undefined;
  const killLater = () => (kill ??= setTimeout(() => child.kill("SIGKILL"), delayMs));
  if (after === "start") killLater();
  const limit = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const read = (chunk: Buffer) => {
    output += chunk.toString();
    if (output.includes("acknowledged")) killLater();
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  await once(child, "close");
  clearTimeout(limit);
  clearTimeout(kill);
  const acknowledgements = [...output.matchAll(/^acknowledged (\d+)$/gm)];
  const acknowledged = Number(acknowledgements.at(-1)?.[1] ?? 0);
  return { run, acknowledged, output: output.slice(-500) };
}

export interface FoundRun {
  readonly count: number;
  /** What is missing, double, out of order or not as it was written; none. */
  readonly wrong: readonly string[];
}

/** Reads the whole store: of each run its events, which must be the first ones, in order and whole. */
export async function findRuns(store: string): Promise<Map<string, FoundRun>> {
  const sink = createEventStore({
    store,
    maxBatchSize: 1,
    maxDelayMs: 1,
    maxQueueSize: 1,
    timeoutMs: 60_000,
    limitMs: 60_000,
    maxAgeMs: undefined,
    maxEvents: undefined,
    diagnostics: createDiagnostics(),
  });
  const found = new Map<string, FoundRun>();
  for await (const { event } of sink.store.read({ types: ["system_alert"] })) {
    if (event.type !== "system_alert") continue;
    const [run = "", number] = event.data.name.split(" ");
    const { count, wrong } = found.get(run) ?? { count: 0, wrong: [] };
    const text = createHash("sha256").update(`${run} ${count}`).digest("hex").repeat(8);
    const isRight = Number(number) === count && event.data.message === text;
    found.set(run, { count: count + 1, wrong: isRight ? wrong : [...wrong, event.data.name] });
  }
  await sink.shutdown?.();
  return found;
}
