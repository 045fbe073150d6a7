import { Worker } from "node:worker_threads";
import { errorName } from "../errors/index.ts";
import { ownThread } from "../threads/index.ts";
import type { Link, LinkListener } from "./link.ts";
import type { FromRecording, RecordingStart } from "./protocol.ts";

/** To load its files takes some 50 ms, and a busy machine many times that. */
const START_LIMIT_MS = 30_000;

/** Starts a thread that records. It doesn't keep the process alive. */
export function startThread(
  file: URL,
  start: RecordingStart,
  listener: LinkListener,
): Promise<Link> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { ...ownThread(), workerData: start });
    let state: "starting" | "running" | "ended" = "starting";
    const late = setTimeout(() => {
      ended(`it did not start within ${START_LIMIT_MS} ms`);
      void worker.terminate();
    }, START_LIMIT_MS).unref();

    function ended(reason: string): void {
      const before = state;
      state = "ended";
      clearTimeout(late);
      if (before === "starting") reject(new Error(reason));
      if (before === "running") listener.onEnd(reason);
    }

    async function end(): Promise<void> {
      state = "ended";
      await worker.terminate();
    }

    worker.on("message", (message: FromRecording) => {
      if (message.kind !== "ready") {
        if (state === "running") listener.onMessage(message);
        return;
      }
      clearTimeout(late);
      state = "running";
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      resolve({ isThread: true, send: (sent) => worker.postMessage(sent), end });
    });
    worker.on("error", (error) => ended(reasonOf(error)));
    worker.on("exit", (code) => ended(`it ended with ${code}`));
    // last: a listener for messages keeps the process alive
    worker.unref();
  });
}

/** What it says itself may hold anything. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : errorName(error);
}
