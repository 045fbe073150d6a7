import { isMainThread } from "node:worker_threads";
import { replaceGlobalFetch } from "./clients/index.ts";
import { createObservability } from "./create-observability.ts";
import { createDiagnostics } from "./diagnostics/index.ts";
import { flushOnSignals } from "./runtime/flush-on-signals.ts";

/** Whichever copy of this package comes first observes the process. */
const REGISTERED = Symbol.for("@rlm-toolkit/observability.registered");

/**
 * Observes everything that goes through the global `fetch` of this process, configured by the environment alone.
 * Twice is a no-op. What fails is said in one line on standard error; the application starts all the same.
 */
export function observeProcess(): void {
  try {
    if (Reflect.has(globalThis, REGISTERED)) return;
    Object.defineProperty(globalThis, REGISTERED, { value: true });
    start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    createDiagnostics().warnOnce("register", "failed", `this process is not observed: ${reason}`);
  }
}

function start(): void {
  // the port is the main thread's; what a worker calls is in traces, logs and events
  const obs = createObservability(isMainThread ? {} : { server: { enabled: false } });
  // switched off, it hands out the global one as it is
  if (obs.fetch === globalThis.fetch) return;
  replaceGlobalFetch(obs.fetch);
  // a worker gets no signals
  if (!isMainThread) return;
  flushOnSignals({ flush: () => obs.forceFlush(), shutdown: () => obs.shutdown() });
}
