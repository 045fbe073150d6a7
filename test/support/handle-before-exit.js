// A program with handlers of its own for its end, one of which does more each time, up to a point. On the built package.
// usage: node handle-before-exit.js <url> bare|observed
import { createObservability } from "@rlm-toolkit/observability";

const [url = "", how = ""] = process.argv.slice(2);
const CALL = { method: "POST", body: '{"model":"gpt-4o","messages":[]}' };
const bare = async () => Response.json({});
globalThis.fetch = bare;
const obs =
  how === "observed"
    ? createObservability({
        server: { enabled: false },
        log: { destination: "off" },
        otlp: { endpoint: url },
      })
    : undefined;
const fetch = obs?.fetch ?? bare;

async function call() {
  await (await fetch("https://api.openai.com/v1/chat/completions", CALL)).json();
}

let left = 4;
process.on("beforeExit", (code) => {
  console.log(`no work is left, code ${code}`);
  if (left-- > 0) setTimeout(() => void call(), 20);
});
process.on("exit", () => console.log("exit"));
process.exitCode = 3;
await call();
