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
  return (await processStatus(pid)).start;
}

/** Whether process `pid` of this machine, that began at `started`, runs. */
export async function isRunning(pid: number, started: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // it is there, and another user's
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const { state, start } = await processStatus(pid);
  // a zombie has ended, too, but for its parent, which may never ask
  if (state === "Z") return false;
  return start === "" || started === "" || start === started;
}

/** Linux: what the system says of a process; elsewhere nothing. */
async function processStatus(pid: number): Promise<{ state: string; start: string }> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // the name in brackets may hold blanks and brackets; the start is the 22nd field, the 20th after the name
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", start: fields[19] ?? "" };
}
