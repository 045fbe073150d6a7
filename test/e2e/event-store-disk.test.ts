import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

import { createDiagnostics } from "../../src/diagnostics/index.ts";
import { createEventStore } from "../../src/sinks/event-store/create-event-store.ts";
import { alert } from "../support/alert-event.ts";
import { STORE_OPTIONS } from "../support/event-store-options.ts";
import { poll } from "../support/poll.ts";
import { describeWith } from "./binaries.ts";
import { startPostgres } from "./postgres.ts";

const run = promisify(execFile);
const DEADLINE_MS = 60_000;

/** A disk of its own, small; `undefined` where this user may not have one. */
async function mountSmallDisk(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "rlm-disk-"));
  try {
    await run("mount", ["-t", "tmpfs", "-o", "size=24m,mode=0777", "tmpfs", folder]);
    return folder;
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
}

describeWith(["postgres"], "the event store and a disk that is full", () => {
  it("keeps events until there is room again, and says why they wait", async (context) => {
    const disk = await mountSmallDisk();
    if (disk === undefined) return context.skip("only root may mount a disk");
    const postgres = await startPostgres();
    try {
      const store = await postgres.createDatabase({ tablespace: disk });
      const diagnostics = createDiagnostics({ write: () => {} });
      const sink = createEventStore({
        ...STORE_OPTIONS,
        store,
        timeoutMs: 5_000,
        limitMs: DEADLINE_MS,
        diagnostics,
      });
      const events = Array.from({ length: 2_000 }, (_none, index) => alert(`a${index}`, index));
      for (const event of events.slice(0, 100)) sink.handle(event);
      await sink.forceFlush?.();
      await fill(postgres.query, store);

      for (const event of events.slice(100)) sink.handle(event);
      await poll("the store fails", () => sink.health?.().state === "failing", DEADLINE_MS);
      expect(sink.health?.().lastError).toMatch(/No space left on device.*\(53100\)/);

      await postgres.query(store, "drop table filler");
      await sink.forceFlush?.();
      const stored: string[] = [];
      for await (const { event } of sink.store.read()) stored.push(event.id);
      await sink.shutdown?.();
      expect(stored).toEqual(events.map(({ id }) => id));
      expect([...diagnostics.counters.dropped.values()]).toEqual([]);
    } finally {
      await postgres.stop();
      await run("umount", [disk]);
      await rm(disk, { recursive: true });
    }
  });
});

/** With whatever fits, in ever smaller pieces. */
async function fill(
  query: (url: string, sql: string) => Promise<unknown>,
  store: string,
): Promise<void> {
  await query(
    store,
    "create table filler (text text); alter table filler alter text set storage plain",
  );
  for (const rows of [500, 100, 20, 4, 1]) {
    const insert = `insert into filler select repeat('x', 8000) from generate_series(1, ${rows})`;
    let fits = true;
    while (fits) {
      fits = await query(store, insert).then(
        () => true,
        () => false,
      );
    }
  }
}
