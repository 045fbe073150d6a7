// A program that stores an event and comes to its end by itself, or asks for it. Runs on the built package.
// usage: node store-and-end.js <store> shutdown|flush|none|read <limit in ms>
import { createObservability } from "@rlm-toolkit/observability";

const [store = "", ending = "none", limitMs = "1000"] = process.argv.slice(2);
const obs = createObservability({
  events: { store, storeTimeoutMs: 60_000 },
  server: { enabled: false },
  log: { destination: "off" },
  shutdownTimeoutMs: Number(limitMs),
});
obs.alert({ name: "a", severity: "warning", message: "m" });
if (ending === "shutdown") await obs.shutdown();
if (ending === "flush") await obs.forceFlush();
if (ending === "read") {
  let count = 0;
  for await (const { event } of obs.eventStore.read())
    count += event.type === "system_alert" ? 1 : 0;
  console.log(`${count} stored before`);
}
