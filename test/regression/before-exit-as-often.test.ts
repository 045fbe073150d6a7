import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { startOtlpSink } from "../support/otlp-sink.ts";
import { runNode } from "../support/run-process.ts";

const program = fileURLToPath(new URL("../support/handle-before-exit.js", import.meta.url));

it("an application is told as often that no work is left, and what it does then is sent, too", async () => {
  await using sink = await startOtlpSink();
  const bare = await runNode([program, sink.url, "bare"]);
  const observed = await runNode([program, sink.url, "observed"]);
  expect(observed).toEqual(bare);
  expect(bare).toMatchObject({ code: 3, stderr: "" });
  expect(bare.stdout.split("\n")).toEqual([
    ...Array.from({ length: 5 }, () => "no work is left, code 3"),
    "exit",
    "",
  ]);
  expect(sink.spans.map(({ name }) => name)).toEqual(
    Array.from({ length: 5 }, () => "chat gpt-4o"),
  );
});
