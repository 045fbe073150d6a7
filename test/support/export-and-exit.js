// A program that has spans under way when it comes to its end. Runs on the built package.
// usage: node export-and-exit.js <url> shutdown|flush|none
import { createObservability } from "@rlm-toolkit/observability";

const CALL = { method: "POST", body: '{"model":"gpt-4o","messages":[]}' };

const [url = "", ending = "none"] = process.argv.slice(2);
const limits = { timeoutMs: 60_000, maxQueueSize: 2_048 };
globalThis.fetch = async () => Response.json({});
const obs = createObservability({
  server: { enabled: false },
  log: { destination: "off" },
  otlp: { endpoint: url, ...limits },
  langfuse: { publicKey: "pk", secretKey: "sk", baseUrl: url, ...limits },
  shutdownTimeoutMs: 200,
});
for (let index = 0; index < 600; index++) {
  const response = await obs.fetch("https://api.openai.com/v1/chat/completions", CALL);
  await response.json();
}
if (ending === "shutdown") await obs.shutdown();
if (ending === "flush") await obs.forceFlush();
