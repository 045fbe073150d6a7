import { execFile } from "node:child_process";

export interface ProcessEnd {
  /** `null`: a signal ended it, for instance because it took too long. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Beside `PATH` and `HOME`, which are all that is inherited. */
  readonly environment?: Readonly<Record<string, string>>;
  /** It is killed after this; default 60,000. */
  readonly timeoutMs?: number;
}

/** Runs a program to its end and gives what it said. Never rejects: a failure is an exit code. */
export function runProcess(
  program: string,
  parameters: readonly string[],
  { cwd, environment, timeoutMs = 60_000 }: RunOptions = {},
): Promise<ProcessEnd> {
  const { PATH, HOME } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      program,
      parameters,
      {
        ...(cwd !== undefined && { cwd }),
        env: { PATH, HOME, ...environment },
        timeout: timeoutMs,
        killSignal: "SIGKILL",
        maxBuffer: 2 ** 26,
      },
      (error, stdout, stderr) => {
        const reason = error && child.exitCode === null ? `\n${error.message}` : "";
        resolve({ code: child.exitCode, stdout, stderr: `${stderr}${reason}` });
      },
    );
  });
}

/** Runs this Node.js. */
export function runNode(parameters: readonly string[], options?: RunOptions): Promise<ProcessEnd> {
  return runProcess(process.execPath, parameters, options);
}
