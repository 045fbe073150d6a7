import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { createDiagnostics } from "../../src/diagnostics/index.ts";
import { createEventStore } from "../../src/sinks/event-store/create-event-store.ts";
import { STORE_OPTIONS } from "../support/event-store-options.ts";
import { poll } from "../support/poll.ts";

const PROGRAM = fileURLToPath(new URL("../support/store-until-killed.js", import.meta.url));

/** A new folder on a busy machine takes long. */
const FIRST_DEADLINE_MS = 120_000;

export interface KilledRun {
  readonly run: string;
  /** Its first so many events were acknowledged. */
  readonly acknowledged: number;
  /** What it said last. */
  readonly output: string;
}

/** Starts an application that stores events until it is killed. */
export function startStoring(store: string, run: string) {
  const child = spawn(process.execPath, [PROGRAM, store, run], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  let output = "";
  const read = (chunk: Buffer) => void (output += chunk.toString());
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  return {
    pid: child.pid,
    output: () => output,
    async kill() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

/** Runs an application that stores events, and kills it: so long after it started, or after its first acknowledgement. */
export async function runAndKill(
  store: string,
  run: string,
  { after, delayMs }: { after: "start" | "acknowledgement"; delayMs: number },
): Promise<KilledRun> {
  const application = startStoring(store, run);
  try {
    if (after === "acknowledgement") {
      const acknowledged = () => application.output().includes("acknowledged");
      await poll("it stores events", acknowledged, FIRST_DEADLINE_MS);
    }
    await new Promise((resolve) => setTimeout(resolve, delayMs));
  } finally {
    await application.kill();
  }
  const output = application.output();
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
    ...STORE_OPTIONS,
    store,
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
