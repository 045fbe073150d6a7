import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunUntilOptions {
  readonly cwd: string;
  /** Beside `PATH` and `HOME`, which are all that is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the program writes on a line of its own when it is ready. */
  readonly ready: string;
  /** Called once it is. */
  readonly whenReady: (kill: (signal: NodeJS.Signals) => void) => unknown;
}

/** Runs this Node.js to its end, and does something to it once it says that it is ready. Killed after a minute. */
export async function runUntil(
  parameters: readonly string[],
  { cwd, environment, ready, whenReady }: RunUntilOptions,
): Promise<ProgramEnd> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, parameters, {
    cwd,
    env: { PATH, HOME, ...environment },
    timeout: 60_000,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<Pick<ProgramEnd, "code" | "signal">>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  let seen = "";
  let isReady = false;
  child.stdout.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
    if (isReady || !seen.includes(`\n${ready}\n`)) return;
    isReady = true;
    void whenReady((signal) => void child.kill(signal));
  });
  const [stdout, stderr, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { ...end, stdout, stderr };
}
