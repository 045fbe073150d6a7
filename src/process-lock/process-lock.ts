import { rm, stat, utimes } from "node:fs/promises";
import { type LockOwner, lockOwner, thisProcess, writeOwner } from "./lock-owner.ts";
import { isRunning } from "./process-identity.ts";

export interface LockTimes {
  /** How often the owner says that it is there. */
  readonly heartbeatMs: number;
  /** The process of another machine, or container, that has not been heard of for this long is gone. */
  readonly staleMs: number;
}

/** To write a name, or to take over, is done in a moment: a process that was killed in it is not waited for longer. */
const UNFINISHED_MS = 5_000;

/**
 * What one process at a time may have. Node.js has no lock that the system releases, so it is a file that names the
 * process: left behind by one of this machine that is gone it is taken over at once, by one elsewhere when that has been
 * silent. It is an agreement of processes of this package, nothing that keeps others out.
 */
export class ProcessLock {
  readonly #path: string;
  readonly #owner: LockOwner;
  readonly #heartbeat: NodeJS.Timeout;

  private constructor(path: string, owner: LockOwner, heartbeatMs: number) {
    this.#path = path;
    this.#owner = owner;
    this.#heartbeat = setInterval(() => void this.#beat(), heartbeatMs).unref();
  }

  /** `undefined`: another process has it, or is about to. */
  static async acquire(path: string, times: LockTimes): Promise<ProcessLock | undefined> {
    const owner = await thisProcess();
    const taken = (await writeOwner(path, owner)) || (await takeOver(path, owner, times));
    return taken ? new ProcessLock(path, owner, times.heartbeatMs) : undefined;
  }

  /** False when another process has taken it, as this one stood still for long. A file that is missing is put back. */
  async isHeld(): Promise<boolean> {
    const owner = await lockOwner(this.#path);
    if (owner === undefined) return writeOwner(this.#path, this.#owner);
    return owner.token === this.#owner.token;
  }

  async release(): Promise<void> {
    clearInterval(this.#heartbeat);
    const owner = await lockOwner(this.#path);
    if (owner?.token === this.#owner.token) await rm(this.#path, { force: true });
  }

  async #beat(): Promise<void> {
    const now = new Date();
    // whether it is still there is looked at by those who write
    await utimes(this.#path, now, now).catch(() => {});
  }
}

/** Of several that find it abandoned, one takes it: one at a time may look and replace. */
async function takeOver(path: string, owner: LockOwner, { staleMs }: LockTimes): Promise<boolean> {
  const look = () => stateOf(path, owner.machine, staleMs);
  if ((await look()) === "held") return false;
  const turn = `${path}.takeover`;
  if (!(await takeTurn(turn, owner))) return false;
  try {
    const state = await look();
    if (state === "held") return false;
    // one that was given back meanwhile may be another's by now
    if (state === "abandoned") await rm(path, { force: true });
    return await writeOwner(path, owner);
  } finally {
    await rm(turn, { force: true });
  }
}

async function takeTurn(turn: string, owner: LockOwner): Promise<boolean> {
  if (await writeOwner(turn, owner)) return true;
  const age = await ageMs(turn);
  if (age === undefined || age <= UNFINISHED_MS) return false;
  await rm(turn, { force: true });
  return writeOwner(turn, owner);
}

type LockState = "missing" | "held" | "abandoned";

async function stateOf(path: string, machine: string, staleMs: number): Promise<LockState> {
  const owner = await lockOwner(path);
  const age = await ageMs(path);
  if (age === undefined) return "missing";
  if (owner === undefined) return age > UNFINISHED_MS ? "abandoned" : "held";
  const isSilent = age > staleMs;
  if (owner.machine !== machine) return isSilent ? "abandoned" : "held";
  if (!(await isRunning(owner.pid, owner.started))) return "abandoned";
  // an earlier process with our id, where the system does not say when a process began
  const mayBeEarlier = owner.started === "" && owner.pid === process.pid;
  return mayBeEarlier && isSilent ? "abandoned" : "held";
}

/** Since it was last touched; `undefined`: it is not there. */
async function ageMs(path: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch {
    return undefined;
  }
}
