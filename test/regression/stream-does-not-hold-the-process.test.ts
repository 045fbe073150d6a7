import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { poll } from "../support/poll.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Runs until its one timer has gone off, and has nothing to do then. */
const PROGRAM = `
  import { createObservability } from "@rlm-toolkit/observability";
  const obs = createObservability({ server: { port: 0 }, log: { destination: "off" } });
  const { url } = await obs.ready();
  console.log(url);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  obs.alert({ name: "done", severity: "info", message: "" });
  await new Promise((resolve) => setTimeout(resolve, 100));
`;

test.each(["reads", "does not read"])(
  "a program ends by itself although somebody watches its events, one who %s",
  async (how) => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", PROGRAM], {
      cwd: ROOT,
      signal: AbortSignal.timeout(12_000),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exit = once(child, "exit");
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    const url = await poll("its address", () => output.trim() || undefined, 8_000);
    const response = await fetch(`${url}/events/stream`);
    // the connection breaks with the process
    const read = how === "reads" ? response.text().catch(() => "") : undefined;
    const [code]: unknown[] = await exit;
    expect(code).toBe(0);
    await read;
  },
);
