import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface ServerProcess {
  /** Base URL without a slash at its end. */
  readonly url: string;
  readonly pid: number;
  /** Ends the process by its pid, waits for it, and removes its folder. Idempotent. */
  stop(): Promise<void>;
}

export interface ServerSpec {
  readonly binary: string;
  /** The folder is empty, and gone after `stop()`. */
  readonly prepare: (folder: string, address: string) => Promise<readonly string[]>;
  /** Answers 200 once the server can be used. */
  readonly readyPath: string;
}

const READY_DEADLINE_MS = 30_000;
const KILL_AFTER_MS = 5_000;
const POLL_MS = 50;
const OUTPUT_LIMIT = 4_000;

/**
 * Starts a server on a free loopback port, in a folder of its own, and waits until it is ready.
 *
 * @throws Error with the end of the server's output when it exits or the deadline passes.
 */
export async function startServer(spec: ServerSpec): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), "rlm-e2e-"));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(spec.binary, await spec.prepare(folder, address), {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = collectOutput(child);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const stop = async () => {
    await endProcess(child, exited);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(`http://${address}${spec.readyPath}`, child);
  } catch (cause) {
    await stop();
    throw new Error(`${spec.binary} did not start:\n${output()}`, { cause });
  }
  return { url: `http://${address}`, pid: child.pid ?? 0, stop };
}

/** A loopback port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port was assigned");
  return address.port;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + READY_DEADLINE_MS;
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await sleep(POLL_MS);
  }
  throw new Error(`${url} was not ready after ${READY_DEADLINE_MS} ms`);
}

async function endProcess(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (hasEnded(child)) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  await exited;
  clearTimeout(timer);
}

/** A process that could not be started at all has no pid. */
function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function collectOutput(child: ChildProcess): () => string {
  let output = "";
  const add = (chunk: unknown) => {
    output = `${output}${String(chunk)}`.slice(-OUTPUT_LIMIT);
  };
  child.stdout?.on("data", add);
  child.stderr?.on("data", add);
  child.once("error", (error) => add(error.message));
  return () => output;
}
