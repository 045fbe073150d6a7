// Publishes events without end, and says on standard output which of them are safe: once
// `obs.auditLog.forceFlush()` has resolved. Whoever started it kills it.
import { writeSync } from "node:fs";
import { createObservability } from "@rlm-toolkit/observability";

const obs = createObservability({
  server: { enabled: false },
  log: { destination: "off" },
  metrics: { process: false },
});

let published = [];
obs.subscribe(({ id }) => published.push(id), { priority: 100 });

for (let round = 0; ; round += 1) {
  const session = `session-${process.pid}-${round % 7}`;
  obs.startSession(session, { round });
  for (let count = 0; count < round % 11; count += 1) {
    obs.updateSession(session, { metadata: { text: "x".repeat((count * 97) % 700) } });
  }
  obs.endSession(session);
  const waiting = published;
  published = [];
  try {
    await obs.auditLog.forceFlush();
    writeSync(1, `${waiting.join("\n")}\n`);
  } catch (error) {
    writeSync(1, `failed ${error.code}\n`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
