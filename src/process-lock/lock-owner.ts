import { randomUUID } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { machineIdentity, processStart } from "./process-identity.ts";

/** The process that has a lock. */
export interface LockOwner {
  readonly pid: number;
  /** Empty where the system does not say when a process began. */
  readonly started: string;
  /** Begins with the name of the host. */
  readonly machine: string;
  /** Tells apart what one process has locked, and locked again. */
  readonly token: string;
}

export async function thisProcess(): Promise<LockOwner> {
  const { pid } = process;
  const [started, machine] = await Promise.all([processStart(pid), machineIdentity()]);
  return { pid, started, machine, token: randomUUID() };
}

/** Who has the lock; `undefined`: nobody, or somebody who has not written a name yet. */
export async function lockOwner(path: string): Promise<LockOwner | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(path, "utf8"));
    return isOwner(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** False if there is one. */
export async function writeOwner(path: string, owner: LockOwner): Promise<boolean> {
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

function isOwner(value: unknown): value is LockOwner {
  return (
    typeof value === "object" &&
    value !== null &&
    "token" in value &&
    "machine" in value &&
    typeof value.machine === "string" &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "started" in value &&
    typeof value.started === "string"
  );
}
