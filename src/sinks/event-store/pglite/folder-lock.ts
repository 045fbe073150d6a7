import { join } from "node:path";
import { ObservabilityError } from "../../../errors/index.ts";
import { makeFolder } from "../../../folders/index.ts";
import { lockOwner, ProcessLock } from "../../../process-lock/index.ts";

/** An owner elsewhere (another host or container on the same volume) may be slow: half a minute. */
const TIMES = { heartbeatMs: 5_000, staleMs: 30_000 };

/**
 * Makes this process the only one that opens the folder.
 * @throws ObservabilityError `STORE_LOCKED`
 */
export async function lockFolder(folder: string): Promise<ProcessLock> {
  await makeFolder(folder);
  const file = join(folder, "lock");
  const lock = await ProcessLock.acquire(file, TIMES);
  if (lock) return lock;
  const owner = await lockOwner(file);
  const [host] = owner?.machine.split(" ", 1) ?? [];
  const who = owner === undefined ? "another process" : `process ${owner.pid} on ${host}`;
  throw new ObservabilityError(
    "STORE_LOCKED",
    `${file} says that ${who} has this event store open: a folder is for one process at a time; several need PostgreSQL.`,
  );
}
