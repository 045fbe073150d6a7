import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { poll } from "../support/poll.ts";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface DemoProcess {
  readonly metricsUrl: string;
  /** Sends a signal, or just waits for its end, and gives what was left. */
  end(signal?: NodeJS.Signals): Promise<DemoEnd>;
}

export interface DemoEnd {
  readonly code: number | null;
  readonly output: string;
}

/** Starts the built demo as a user does, on free ports. Needs `npm run build`. */
export async function startDemo(
  flags: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<DemoProcess> {
  const child = spawn(process.execPath, [MAIN, "demo", "--port", "0", ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...environment },
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const metricsUrl = await poll(
    "the demo's addresses",
    () => {
      if (child.exitCode !== null) throw new Error(`the demo ended at once:\n${output}`);
      return /metrics +(http\S+)/.exec(output)?.[1];
    },
    20_000,
  );
  return {
    metricsUrl,
    async end(signal) {
      if (signal !== undefined) child.kill(signal);
      const tooLong = setTimeout(() => child.kill("SIGKILL"), 60_000);
      const code = await exited;
      clearTimeout(tooLong);
      return { code, output };
    },
  };
}
