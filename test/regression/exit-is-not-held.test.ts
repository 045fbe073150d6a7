import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { refusingUrl, startOtlpSink } from "../support/otlp-sink.ts";

const program = fileURLToPath(new URL("../support/export-and-exit.js", import.meta.url));

/** Exit code of a program whose exports may take 60 s, if it ends within 10. */
async function exitCode(url: string, ending: string): Promise<unknown> {
  const signal = AbortSignal.timeout(10_000);
  const child = spawn(process.execPath, [program, url, ending], { signal, stdio: "ignore" });
  const [code]: unknown[] = await once(child, "exit");
  return code;
}

// the SDK's batch processor waits for a result with a timer that keeps the process alive
test.concurrent.each(["shutdown", "flush", "none"])(
  "a destination that hangs doesn't hold the process, ending: %s",
  async (ending) => {
    await using sink = await startOtlpSink();
    sink.mode = "hang";

    expect(await exitCode(sink.url, ending)).toBe(0);
  },
);

test("nor does one that refuses, between two tries", async () => {
  expect(await exitCode(await refusingUrl(), "flush")).toBe(0);
});
