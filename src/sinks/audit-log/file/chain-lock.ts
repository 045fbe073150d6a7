import { randomUUID } from "node:crypto";
import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { isRunning, machineIdentity, processStart } from "./process-identity.ts";

/** Who writes a chain. */
interface Owner {
  readonly pid: number;
  readonly started: string;
  readonly machine: string;
  readonly token: string;
}

const HEARTBEAT_MS = 2_000;
/** The process of another machine, or container, that has not been heard of for this long is gone. */
const STALE_MS = 10_000;

/**
 * The right to write a chain: a file that names the process. One left behind by a process that is gone is taken over.
 * It is an agreement of processes of this package, nothing that keeps others out.
 */
export class ChainLock {
  readonly #path: string;
  readonly #owner: Owner;
  readonly #heartbeat: NodeJS.Timeout;

  private constructor(path: string, owner: Owner) {
    this.#path = path;
    this.#owner = owner;
    this.#heartbeat = setInterval(() => void this.#beat(), HEARTBEAT_MS).unref();
  }

  /** `undefined`: another process has it, or is about to. */
  static async acquire(path: string): Promise<ChainLock | undefined> {
    const { pid } = process;
    const owner: Owner = {
      pid,
      started: await processStart(pid),
      machine: await machineIdentity(),
      token: randomUUID(),
    };
    const taken = (await create(path, owner)) || (await takeOver(path, owner));
    return taken ? new ChainLock(path, owner) : undefined;
  }

  /** False when another process has taken it, as this one stood still for long. A file that is missing is put back. */
  async isHeld(): Promise<boolean> {
    const owner = await readOwner(this.#path);
    if (owner === undefined) return create(this.#path, this.#owner);
    return owner.token === this.#owner.token;
  }

  async release(): Promise<void> {
    clearInterval(this.#heartbeat);
    const owner = await readOwner(this.#path);
    if (owner?.token === this.#owner.token) await rm(this.#path, { force: true });
  }

  async #beat(): Promise<void> {
    const now = new Date();
    // whether it is still there is looked at before each write
    await utimes(this.#path, now, now).catch(() => {});
  }
}

/** False if there is one. */
async function create(path: string, owner: Owner): Promise<boolean> {
  try {
    const handle = await open(path, "wx", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(owner)}\n`);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Of several that find it abandoned, one takes it. */
async function takeOver(path: string, owner: Owner): Promise<boolean> {
  if (await isAlive(path, owner.machine)) return false;
  const turn = `${path}.takeover`;
  if (!(await create(turn, owner))) {
    // somebody is at it; or was killed at it, and the next one to ask finds nobody
    if (await isOlderThan(turn, STALE_MS)) await rm(turn, { force: true });
    return false;
  }
  try {
    if (await isAlive(path, owner.machine)) return false;
    await rm(path, { force: true });
    return await create(path, owner);
  } finally {
    await rm(turn, { force: true });
  }
}

async function isAlive(path: string, machine: string): Promise<boolean> {
  const owner = await readOwner(path);
  // killed before it had written its name, or about to
  if (owner === undefined || owner.machine !== machine) return !(await isOlderThan(path, STALE_MS));
  return isRunning(owner.pid, owner.started);
}

/** True also for a file that is not there. */
async function isOlderThan(path: string, ageMs: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > ageMs;
  } catch {
    return true;
  }
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(path, "utf8"));
    return isOwner(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === "object" &&
    value !== null &&
    "token" in value &&
    "machine" in value &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "started" in value &&
    typeof value.started === "string"
  );
}
