import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

/** Where a process id means something: this machine since it started, and in a container that container. */
export async function machineIdentity(): Promise<string> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return [hostname(), boot.trim(), namespace].join(" ");
}

/** When a process of this machine began, so that its id is not taken for that of a later one; empty if not known. */
export async function processStart(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // the name in brackets may hold blanks; the start is the 22nd field, the 20th after the name
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[19] ?? "";
}

/** Whether process `pid` of this machine, that began at `started`, runs. */
export async function isRunning(pid: number, started: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // it is there, and another user's
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const now = await processStart(pid);
  return now === "" || started === "" || now === started;
}
