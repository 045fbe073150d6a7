import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";

import { createDiagnostics } from "../../src/diagnostics/index.ts";
import { createEventStore } from "../../src/sinks/event-store/create-event-store.ts";
import { alert } from "../support/alert-event.ts";
import { STORE_OPTIONS } from "../support/event-store-options.ts";
import { poll } from "../support/poll.ts";
import { describeWith } from "./binaries.ts";
import { findRuns, runAndKill, startStoring, type KilledRun } from "./kill-loop.ts";
import { startPostgres } from "./postgres.ts";

vi.setConfig({ testTimeout: 600_000 });

/** Some two minutes at 50 on a machine at rest, folder and server together. */
const ROUNDS = Number(process.env["RLM_KILL_ROUNDS"] ?? 20);
/** The first ones die while the store is made. */
const EARLY_ROUNDS = 4;

/** An application is killed again and again: early, while the store opens, and while it writes. */
async function killAll(store: string): Promise<readonly KilledRun[]> {
  const runs: KilledRun[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const isEarly = round < EARLY_ROUNDS || round % 5 === 0;
    runs.push(
      await runAndKill(store, `run-${round}`, {
        after: isEarly ? "start" : "acknowledgement",
        delayMs: isEarly ? 200 + Math.random() * 1_000 : Math.random() * 200,
      }),
    );
  }
  return runs;
}

async function expectNothingLost(store: string, runs: readonly KilledRun[]): Promise<void> {
  const found = await findRuns(store);
  const lost = runs.filter(({ run, acknowledged }) => (found.get(run)?.count ?? 0) < acknowledged);
  expect(lost).toEqual([]);
  expect([...found.values()].flatMap(({ wrong }) => wrong)).toEqual([]);
  const writing = runs.filter(({ acknowledged }) => acknowledged > 0);
  // each of the others was to be killed once it had written: it could, after all the kills before it
  const late = runs.filter((_run, round) => round >= EARLY_ROUNDS && round % 5 !== 0);
  expect(late.filter(({ acknowledged }) => acknowledged === 0)).toEqual([]);
  console.info(`${runs.length} kills, ${writing.length} of them while it wrote`);
}

describe("an application that is killed while it stores events", () => {
  it("has every acknowledged event in its folder, whole, and the folder opens again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rlm-kills-"));
    const store = join(folder, "events");
    await expectNothingLost(store, await killAll(store));
    await rm(folder, { recursive: true });
  });
});

describe("a folder that another process has open", () => {
  it("is refused, by the id of that process, and taken over when it is gone", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rlm-two-"));
    const store = join(folder, "events");
    const other = startStoring(store, "other");
    await poll("the other one stores", () => other.output().includes("acknowledged"), 120_000);
    const diagnostics = createDiagnostics({ write: () => {} });
    const sink = createEventStore({
      ...STORE_OPTIONS,
      store,
      diagnostics,
    });
    const event = alert("mine", 1);
    sink.handle(event);
    await poll("it is refused", () => sink.health?.().state === "failing", 60_000);
    expect(sink.health?.().lastError).toContain(`process ${other.pid} on `);
    await expect(sink.store.page()).rejects.toMatchObject({ code: "STORE_LOCKED" });

    await other.kill();
    await sink.forceFlush?.();
    expect(sink.health?.()).toEqual({ state: "ok" });
    const stored: string[] = [];
    for await (const {
      event: { id },
    } of sink.store.read())
      stored.push(id);
    expect(stored.length).toBeGreaterThan(20);
    expect(stored.at(-1)).toBe(event.id);
    expect([...diagnostics.counters.dropped.values()]).toEqual([]);
    await sink.shutdown?.();
    await rm(folder, { recursive: true });
  });
});

describeWith(
  ["postgres"],
  "an application that is killed while it stores events in PostgreSQL",
  () => {
    it("has every acknowledged event there, whole", async () => {
      const postgres = await startPostgres();
      try {
        const store = await postgres.createDatabase();
        await expectNothingLost(store, await killAll(store));
      } finally {
        await postgres.stop();
      }
    });
  },
);
