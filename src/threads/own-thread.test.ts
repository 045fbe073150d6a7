import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ownThread } from "./own-thread.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rlm-threads-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** What a thread sees, and whether the module was loaded that the application has loaded before itself. */
async function seenIn(options: object): Promise<unknown> {
  const program = `
    const order = require("node:dns").getDefaultResultOrder();
    const { RLM_MINE: mine } = process.env;
    require("node:worker_threads").parentPort.postMessage({ mine, order, preloaded: Boolean(globalThis.preloaded) });
  `;
  const worker = new Worker(program, { eval: true, ...options });
  const [seen] = await once(worker, "message");
  await worker.terminate();
  return seen;
}

test("a thread has the application's environment and options, and none of its preloads", async () => {
  const preload = join(folder, "pre load.cjs");
  await writeFile(preload, "globalThis.preloaded = true;");
  const env = {
    RLM_MINE: "1",
    NODE_OPTIONS: `--dns-result-order=ipv4first --require ${JSON.stringify(preload)}`,
  };

  const asIs = await seenIn({ env });
  expect(asIs).toEqual({ mine: "1", order: "ipv4first", preloaded: true });
  const own = await seenIn(ownThread(env));
  expect(own).toEqual({ mine: "1", order: "ipv4first", preloaded: false });
});
