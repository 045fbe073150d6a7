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
  publish("lost");
  // handed on, and neither written nor told of: the thread is ended in the same turn
  const flushed = obs.auditLog.forceFlush().catch(({ code }) => code);
  await Promise.resolve();
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
