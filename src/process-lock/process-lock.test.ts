import { readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditFolder } from "../../test/support/audit-files.ts";
import { runNode } from "../../test/support/run-process.ts";
import { ProcessLock } from "./process-lock.ts";
import { machineIdentity, processStart } from "./process-identity.ts";

let folder: string;
let path: string;
let held: ProcessLock[];

beforeEach(async () => {
  folder = await auditFolder();
  path = join(folder, "one.lock");
  held = [];
});
afterEach(async () => {
  await Promise.all(held.map((lock) => lock.release()));
  await rm(folder, { recursive: true });
});

async function acquire(): Promise<boolean> {
  const lock = await ProcessLock.acquire(path, { heartbeatMs: 2_000, staleMs: 10_000 });
  if (lock) held.push(lock);
  return lock !== undefined;
}

interface LeftBehind {
  readonly pid: number;
  readonly machine?: string;
  readonly started?: string;
  /** Since it was touched. */
  readonly ageMs?: number;
}

async function leave({ pid, machine, started = "", ageMs = 0 }: LeftBehind): Promise<void> {
  const owner = { pid, started, machine: machine ?? (await machineIdentity()), token: "t" };
  await writeFile(path, JSON.stringify(owner));
  const then = new Date(Date.now() - ageMs);
  await utimes(path, then, then);
}

async function pidOfNobody(): Promise<number> {
  const { stdout } = await runNode(["--eval", "console.log(process.pid)"]);
  return Number(stdout);
}

describe("a lock of a process", () => {
  it("is one process's at a time, of this process too", async () => {
    expect(await acquire()).toBe(true);
    expect(await acquire()).toBe(false);
    await held[0]?.release();
    expect(await acquire()).toBe(true);
  });

  it("is one's alone, however many ask for one that is left behind", async () => {
    await leave({ pid: await pidOfNobody() });
    const taken = await Promise.all(Array.from({ length: 20 }, acquire));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["one.lock"]);
  });

  it("is not taken from a process that runs", async () => {
    await leave({ pid: process.pid, started: await processStart(process.pid), ageMs: 3_600_000 });
    expect(await acquire()).toBe(false);
  });

  it("is taken over from one that has ended, at once", async () => {
    await leave({ pid: await pidOfNobody() });
    expect(await acquire()).toBe(true);
  });

  it.runIf(process.platform === "linux")(
    "is taken over when its process id is another's by now",
    async () => {
      await leave({ pid: process.pid, started: "1" });
      expect(await acquire()).toBe(true);
    },
  );

  it.each([
    [1_000, false],
    [60_000, true],
  ])(
    "of our own process id, of nobody knows when, that was touched %d ms ago: taken over %s",
    async (ageMs, taken) => {
      await leave({ pid: process.pid, ageMs });
      expect(await acquire()).toBe(taken);
    },
  );

  it.each([
    [1_000, false],
    [60_000, true],
  ])("of another machine that was touched %d ms ago: taken over %s", async (ageMs, taken) => {
    await leave({ pid: process.pid, machine: "elsewhere", ageMs });
    expect(await acquire()).toBe(taken);
  });

  it("is taken over when its owner was killed before it had written its name, after a while", async () => {
    await writeFile(path, "");
    expect(await acquire()).toBe(false);
    const then = new Date(Date.now() - 60_000);
    await utimes(path, then, then);
    expect(await acquire()).toBe(true);
  });

  it("is not in the way when somebody was killed while taking it over", async () => {
    await leave({ pid: await pidOfNobody() });
    await writeFile(`${path}.takeover`, "");
    const then = new Date(Date.now() - 60_000);
    await utimes(`${path}.takeover`, then, then);
    await acquire();
    expect(held.length > 0 || (await acquire())).toBe(true);
  });

  it("knows when it was taken by another, leaves that alone, and puts back what was deleted", async () => {
    await acquire();
    const [lock] = held;
    await rm(path);
    expect(await lock?.isHeld()).toBe(true);
    await leave({ pid: process.pid });
    expect(await lock?.isHeld()).toBe(false);
    await lock?.release();
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ token: "t" });
  });
});
