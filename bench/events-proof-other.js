// Another instance, in a process of its own: hears of the events by Redis, and reports when it has all of them.
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { resolveConfig } from "../src/config/index.ts";
import { createRuntime } from "../src/runtime/create-runtime.ts";
import { collectedTotals, createWitness } from "./events-proof-checks.js";

/** What is still on its way when the publisher has ended. */
const PATIENCE_MS = 120_000;

// whoever started it is gone
process.once("disconnect", () => process.exit());

const { events, redis } = JSON.parse(process.argv[2]);
const { config } = resolveConfig({ server: { enabled: false }, events: { redis } }, {});
const runtime = createRuntime(config);
const { witness, handle } = createWitness();
runtime.bus.subscribe({
  name: "other",
  remote: true,
  handle: (event) => event.sessionId !== undefined && handle(event),
});

async function connected() {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += 20) {
    if (runtime.health()["redis"]?.state === "ok") return;
    await setTimeout(20);
  }
}

await connected();
process.send("ready");
await once(process, "message");
for (let waitedMs = 0; witness.seen < events && waitedMs < PATIENCE_MS; waitedMs += 20) {
  await setTimeout(20);
}
const collected = collectedTotals(runtime);
const { lost } = await runtime.shutdown();
process.send({ heard: witness, collected, lost }, () => process.disconnect());
