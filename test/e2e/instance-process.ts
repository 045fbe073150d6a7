import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { HealthStatus, SessionRecord, ShutdownReport } from "../../src/index.ts";

const PROGRAM = fileURLToPath(new URL("../support/instance.js", import.meta.url));
const ANSWER_DEADLINE_MS = 60_000;

/** An application in a process of its own. */
export interface InstanceProcess extends AsyncDisposable {
  /** Makes `count` observed calls in a session, one after another. */
  call(sessionId: string, count: number): Promise<void>;
  record(sessionId: string): Promise<SessionRecord | undefined>;
  /** Replays the store into the figures of sessions; how many events counted. */
  restore(): Promise<number>;
  /** The page. */
  metrics(): Promise<string>;
  health(): Promise<HealthStatus>;
  flush(): Promise<void>;
  /** Lets go of all that keeps it, and waits for its end; `undefined`: it did not end in time. */
  leave(limitMs: number): Promise<number | null | undefined>;
  shutdown(): Promise<ShutdownReport>;
  /** What it wrote to standard error. */
  readonly errors: () => string;
}

/** Starts one. Needs `npm run build`. */
export async function startInstance(
  environment: Readonly<Record<string, string>>,
): Promise<InstanceProcess> {
  const child = fork(PROGRAM, {
    stdio: ["ignore", "inherit", "pipe", "ipc"],
    env: { PATH: process.env["PATH"], ...environment },
  });
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const exit = once(child, "exit");
  let lastId = 0;

  function answerTo(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => end(new Error("it does not answer")), ANSWER_DEADLINE_MS);
      const end = (error?: Error, result?: unknown) => {
        clearTimeout(late);
        child.off("message", listen).off("exit", ended);
        if (error) reject(error);
        else resolve(result);
      };
      const ended = () => end(new Error(`it ended:\n${errors}`));
      const listen = (message: unknown) => {
        const answer = message as { id: number; result?: unknown };
        if (answer.id === id) end(undefined, answer.result);
      };
      child.on("message", listen).once("exit", ended);
    });
  }

  // the program answers each with what its name says
  async function ask<T>(name: string, parameters: object = {}): Promise<T> {
    lastId += 1;
    const answer = answerTo(lastId);
    child.send({ id: lastId, name, ...parameters });
    return (await answer) as T;
  }

  async function kill(): Promise<void> {
    child.kill("SIGKILL");
    await exit;
  }

  await answerTo(0);
  return {
    call: (sessionId, count) => ask("call", { sessionId, count }),
    record: (sessionId) => ask("record", { sessionId }),
    restore: () => ask("restore"),
    metrics: () => ask("metrics"),
    health: () => ask("health"),
    flush: () => ask("flush"),
    shutdown: () => ask("shutdown"),
    async leave(limitMs) {
      await ask("leave");
      const late = sleep(limitMs, undefined, { ref: false });
      const ended = await Promise.race([exit, late]);
      return ended === undefined ? undefined : child.exitCode;
    },
    errors: () => errors,
    [Symbol.asyncDispose]: kill,
  };
}
