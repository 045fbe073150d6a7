// Stores events until it is killed, and says after each flush how many of its own are acknowledged.
// node store-until-killed.js <store> <run>
import { createHash } from "node:crypto";
import { createObservability } from "@rlm-toolkit/observability";

const [store, run] = process.argv.slice(2);
const obs = createObservability({
  events: { store },
  server: { enabled: false },
  log: { destination: "off" },
  shutdownTimeoutMs: 60_000,
});

let count = 0;
for (;;) {
  for (let index = 0; index < 20; index += 1) {
    const text = createHash("sha256").update(`${run} ${count}`).digest("hex").repeat(8);
    obs.alert({ name: `${run} ${count}`, severity: "warning", message: text });
    count += 1;
  }
  await obs.forceFlush();
  const { sinks } = await obs.getHealthStatus();
  const { state, lastError } = sinks["event-store"];
  process.stdout.write(state === "ok" ? `acknowledged ${count}\n` : `${state} ${lastError}\n`);
}
