// An audit log that somebody edits, and how that is found.
//
//   npm run build && node examples/audit.js
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createObservability } from "@rlm-toolkit/observability";

const folder = mkdtempSync(join(tmpdir(), "audit-"));
const obs = createObservability({
  serviceName: "audit",
  server: { enabled: false },
  log: { destination: "off" },
  audit: { path: folder },
});

await obs.session("session-1", async () => {
  await obs.tool("refund", async () => {
    const approval = obs.hitl.request({ action: "refund", tool: "refund" });
    approval.decide("APPROVE", "ann@example.com");
    // all that was published until now is on the disk when this is done
    const head = await obs.auditLog.forceFlush();
    console.log("safe up to record", head.sequence);
  });
});

const { records } = await obs.auditLog.query({ eventType: "hitl_decision_made" });
for (const { sequence, event } of records) {
  console.log("record", sequence, event.sessionId, event.data.decision, "by", event.data.actor);
}
await obs.shutdown();

console.log(verify());
const file = join(folder, "audit.000001.jsonl");
writeFileSync(file, readFileSync(file, "utf8").replace("ann@example.com", "bob@example.com"));
console.log(verify());
rmSync(folder, { recursive: true });

/** What `npx rlm-obs audit verify <folder>` says. */
function verify() {
  const main = new URL("cli/main.js", import.meta.resolve("@rlm-toolkit/observability"));
  try {
    const output = execFileSync(process.execPath, [fileURLToPath(main), "audit", "verify", folder]);
    return output.toString().split("\n")[0];
  } catch (error) {
    return error.stdout.toString().split("\n").slice(0, 2).join("\n");
  }
}
