import { spawn } from "node:child_process";
import { once } from "node:events";
import { poll } from "../support/poll.ts";

/** A program that goes on until its input ends. */
export interface RunningApp {
  /** Writes a line to it. */
  say(line: string): void;
  /** The rest of the first line that it writes, or has written, with this at its beginning. */
  line(beginning: string): Promise<string>;
  /** Ends its input, and gives how it ended. */
  end(): Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/** Starts a program of a folder; it is killed after two minutes. Nothing but `PATH` and `HOME` is inherited. */
export function startApp(
  name: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
): RunningApp {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [name], {
    cwd,
    env: { PATH, HOME, ...environment },
    timeout: 120_000,
    killSignal: "SIGKILL",
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  // it may have ended
  child.stdin.on("error", () => {});
  const ended = once(child, "close");

  return {
    say: (line) => void child.stdin.write(`${line}\n`),
    line: (beginning) =>
      poll(
        `${name} says ${beginning}`,
        () => {
          const found = stdout
            .split("\n")
            .slice(0, -1)
            .find((line) => line.startsWith(beginning));
          if (found === undefined && child.exitCode !== null) throw new Error(stderr);
          return found?.slice(beginning.length);
        },
        60_000,
      ),
    async end() {
      child.stdin.end();
      await ended;
      return { code: child.exitCode, stderr };
    },
  };
}
