// Records events in an audit log, and tells on standard output in which threads, and what became of them. Runs on the
// built package, or bundled with it. usage: node record-and-tell.js <folder> record|terminate <file of the log>
import { syncBuiltinESMExports } from "node:module";
import workerThreads from "node:worker_threads";

const started = [];
workerThreads.Worker = class extends workerThreads.Worker {
  constructor(file, options) {
    super(file, options);
    started.push({ worker: this, file: String(file) });
  }

  /** One that is `stuck` gets to no message any more. */
  postMessage(message) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    if (this.stuck !== true) super.postMessage(message);
  }
};
syncBuiltinESMExports();

const { createObservability } = await import("@rlm-toolkit/observability");
const [path, how, destination = "off"] = process.argv.slice(2);
const obs = createObservability({
  audit: { path },
  server: { enabled: false },
  log: { destination },
});
const publish = (name) => obs.alert({ name, severity: "warning", message: "m" });

publish("first");
await obs.auditLog.forceFlush();
if (how === "terminate") {
  started[0].worker.stuck = true;
  publish("lost");
  const flushed = obs.auditLog.forceFlush().catch(({ code }) => code);
  // handed on by then
  await new Promise((resolve) => setTimeout(resolve, 50));
  await started[0].worker.terminate();
  publish("last");
  console.error(await flushed);
}
await obs.auditLog.forceFlush();
const { records } = await obs.auditLog.query({ eventType: "system_alert" });
const { sinks } = await obs.getHealthStatus();
const { lost } = await obs.shutdown();
console.log(
  JSON.stringify({
    threads: started.map(({ file }) => file.split("/").slice(-2).join("/")),
    recorded: records.map(({ event }) => event.data.name),
    health: { state: sinks.audit.state, thread: sinks.audit.details?.thread },
    lost,
  }),
);
