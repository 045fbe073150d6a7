import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runNode } from "../support/run-process.ts";

const PROGRAM = fileURLToPath(new URL("../support/store-and-end.js", import.meta.url));
const PRELOAD = `
  import { isMainThread } from "node:worker_threads";
  import { writeSync } from "node:fs";
  writeSync(1, isMainThread ? "loaded\\n" : "loaded into a thread\\n");`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rlm-preloads-"));
});
afterEach(() => rm(folder, { recursive: true }));

// it would instrument us there, and `--import @rlm-toolkit/observability/register` would observe us
test("what an application loads before itself is not loaded into our threads", async () => {
  const [required, imported] = [join(folder, "required.mjs"), join(folder, "imported.mjs")];
  for (const path of [required, imported]) await writeFile(path, PRELOAD);

  const { code, stdout } = await runNode([PROGRAM, join(folder, "store"), "read", "60000"], {
    environment: { NODE_OPTIONS: `--require ${required} --import ${imported}` },
    timeoutMs: 90_000,
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^loaded\nloaded\n\d+ stored before\n$/);
}, 100_000);
