import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync, statSync } from "node:fs";
import { mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { ObservabilityError } from "../../../errors/index.ts";

/** Who has the folder. */
interface Owner {
  readonly token: string;
  readonly pid: number;
  /** Tells processes with the same id apart, where the system says when one began. */
  readonly startedAt?: string;
  /** Process ids mean something among processes with the same one. */
  readonly place: string;
}

export interface FolderLock {
  release(): Promise<void>;
}

const BEAT_MS = 5_000;
/** An owner elsewhere (another host or container on the same volume) that is not heard of for so long is gone. */
const SILENCE_MS = 30_000;
/** Taking over is done in a moment; a process that died in it is not waited for. */
const TAKEOVER_MS = 5_000;

/**
 * Makes this process the only one that opens the folder. Node.js has no lock that the system releases, so it is a file:
 * of a process here that is no more it is taken over at once, of one elsewhere after half a minute of silence.
 * @throws ObservabilityError `STORE_LOCKED`
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "lock");
  const owner = thisProcess();
  const written = await create(file, owner);
  if (!written) await takeOver(file, owner);
  const beat = setInterval(() => {
    const now = new Date();
    void utimes(file, now, now).catch(() => undefined);
  }, BEAT_MS).unref();
  return {
    async release() {
      clearInterval(beat);
      if ((await readOwner(file))?.token === owner.token) await rm(file, { force: true });
    },
  };
}

/** Two processes that find the same stale lock must not both have it: one at a time may look and replace. */
async function takeOver(file: string, owner: Owner): Promise<void> {
  const guard = `${file}.takeover`;
  if (ageMs(guard) > TAKEOVER_MS) await rm(guard, { force: true });
  if (!(await create(guard, owner))) throw locked(file, await readOwner(guard));
  try {
    const present = await readOwner(file);
    if (!isGone(present, file)) throw locked(file, present);
    await rm(file, { force: true });
    if (!(await create(file, owner))) throw locked(file, await readOwner(file));
  } finally {
    await rm(guard, { force: true });
  }
}

async function create(file: string, owner: Owner): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(owner), { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(file, "utf8")) as Partial<Owner>;
    const { token, pid, place } = owner;
    if (typeof token !== "string" || typeof pid !== "number" || typeof place !== "string") {
      return undefined;
    }
    return { ...owner, token, pid, place };
  } catch {
    return undefined;
  }
}

function isGone(owner: Owner | undefined, file: string): boolean {
  // half written: by a process that died in it, or that is about to finish
  if (owner === undefined) return ageMs(file) > TAKEOVER_MS;
  if (owner.place !== placeOfProcess()) return ageMs(file) > SILENCE_MS;
  if (!isAlive(owner.pid) || startOf(owner.pid) !== owner.startedAt) return true;
  // of an earlier process with our id, where the system does not say when a process began
  return owner.pid === process.pid && ageMs(file) > SILENCE_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // a zombie has ended, too, but for its parent, which may never ask
    return statusOf(pid)?.[0] !== "Z";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function thisProcess(): Owner {
  const startedAt = startOf(process.pid);
  return {
    token: randomUUID(),
    pid: process.pid,
    ...(startedAt !== undefined && { startedAt }),
    place: placeOfProcess(),
  };
}

function placeOfProcess(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")} ${bootId()}`;
  } catch {
    return hostname();
  }
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** Linux: in ticks since boot. */
function startOf(pid: number): string | undefined {
  return statusOf(pid)?.[19];
}

/** Linux: what the system says of a process, from its state on. */
function statusOf(pid: number): string[] | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    // the name before it may hold anything, also spaces and brackets
    return status.slice(status.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** Of what is not there: 0. */
function ageMs(file: string): number {
  const times = statSync(file, { throwIfNoEntry: false });
  return times === undefined ? 0 : Date.now() - times.mtimeMs;
}

function locked(file: string, owner: Owner | undefined): ObservabilityError {
  const who = owner === undefined ? "another process" : `process ${owner.pid} on ${owner.place}`;
  return new ObservabilityError(
    "STORE_LOCKED",
    `${file} says that ${who} has this event store open: a folder is for one process at a time; several need PostgreSQL.`,
  );
}
