// An application whose server is asked for paths that are none: what it answers, as one line of JSON.
import { request } from "node:http";
import { createObservability } from "@rlm-toolkit/observability";

const obs = createObservability();
const { url } = await obs.ready();
const { port } = new URL(url);

/** As it is written, which `fetch` would not send. */
function statusOf(path) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, timeout: 10_000 }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
    });
    asked
      .on("error", reject)
      .on("timeout", () => asked.destroy(new Error("no answer")))
      .end();
  });
}

const ids = ["%", "%zz", "%ff", "%E0%A4%A", "fine"];
const paths = ["/%", "/events/stats/%", ...ids.map((id) => `/events/metrics/session/${id}`)];
const statuses = {};
for (const path of paths) statuses[path] = await statusOf(path);
await obs.shutdown();
console.log(JSON.stringify(statuses));
