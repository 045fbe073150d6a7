import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import { storeOpener } from "../../src/sinks/event-store/open-store.ts";
import { describeEventStore } from "../support/event-store-contract.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rlm-store-"));
  // a new cluster takes seconds of the processor: it is made once, and copied
  const location = { kind: "folder", path: join(folder, "template") } as const;
  const database = await storeOpener({ location, timeoutMs: 60_000, onUnsynced: () => {} })();
  await database.close();
});
afterAll(() => rm(folder, { recursive: true }));

describeEventStore("a folder (PGlite)", async () => {
  count += 1;
  const copy = join(folder, String(count));
  await cp(join(folder, "template"), copy, { recursive: true });
  return copy;
});
