import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { appendBatch } from "../../src/sinks/event-store/append-batch.ts";
import { encodeEvent } from "../../src/sinks/event-store/encode-event.ts";
import { storeOpener } from "../../src/sinks/event-store/open-store.ts";
import { alert } from "../support/alert-event.ts";
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

async function copyOfTemplate(): Promise<string> {
  count += 1;
  const copy = join(folder, String(count));
  await cp(join(folder, "template"), copy, { recursive: true });
  return copy;
}

describeEventStore("a folder (PGlite)", copyOfTemplate);

it("keeps statistics of a store in a folder, which nobody else does: when it is opened, and as it grows", async () => {
  const location = { kind: "folder", path: await copyOfTemplate() } as const;
  const open = storeOpener({ location, timeoutMs: 60_000, onUnsynced: () => {} });
  const statistics =
    "select null_frac from pg_stats where tablename = 'rlm_events' and attname = 'type'";
  const estimated = "select reltuples from pg_class where relname = 'rlm_events'";

  const first = await open();
  await appendBatch(first, [rowOf("a"), rowOf("b")]);
  expect(await first.query(statistics)).toEqual([]);
  await first.close();

  const second = await open();
  expect(await second.query(statistics)).toEqual([{ null_frac: 0 }]);
  expect(await second.query(estimated)).toEqual([{ reltuples: 2 }]);
  const small = Array.from({ length: 200 }, (_none, index) => rowOf(`${index} ${"x".repeat(500)}`));
  const large = Array.from({ length: 17 }, (_none, index) => rowOf(`${index} ${"x".repeat(1e6)}`));
  for (const rows of [small, ...large.map((row) => [row])]) await appendBatch(second, rows);
  expect(await second.query(estimated)).not.toEqual([{ reltuples: 2 }]);
  await second.close();
});

it("uses the room of deleted events again in a folder, when a tenth is gone", async () => {
  const location = { kind: "folder", path: await copyOfTemplate() } as const;
  const database = await storeOpener({ location, timeoutMs: 60_000, onUnsynced: () => {} })();
  const rows = Array.from({ length: 1_000 }, (_none, index) => rowOf(String(index)));
  await appendBatch(database, rows);
  await database.query("analyze rlm_events");
  const reclaimed = async () => {
    const sql = "select relallvisible > 0 as done from pg_class where relname = 'rlm_events'";
    return (await database.query(sql))[0]?.["done"];
  };
  const deleteUpTo = async (position: number, deleted: number) => {
    await database.query("delete from rlm_events where position <= $1", [position]);
    await database.reclaim?.(deleted);
  };
  await deleteUpTo(60, 60);
  expect(await reclaimed()).toBe(false);
  await deleteUpTo(110, 50);
  expect(await reclaimed()).toBe(true);
  await database.close();
});

/** As it is written. */
function rowOf(name: string): string {
  const encoded = encodeEvent(alert(name, 1));
  return "json" in encoded ? encoded.json : "";
}
