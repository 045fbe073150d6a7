/** The programs that are compared. Each is ready, makes one call without a network, rests, and prints its figures. */
const CLIENT = `
import OpenAI from "openai";
import { providerFetch } from "./provider.js";
const REQUEST = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Hello" }] };
const newClient = () => new OpenAI({ apiKey: "sk-bench", fetch: providerFetch });
const cpuMs = ({ user, system } = process.cpuUsage()) => (user + system) / 1000;
const ready = () => ({ readyMs: performance.now(), readyCpuMs: cpuMs() });
async function done(figures, client) {
  await client.chat.completions.create(REQUEST);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const doneCpuMs = cpuMs();
  globalThis.gc();
  console.log(JSON.stringify({ ...figures, doneCpuMs, rssMb: process.memoryUsage.rss() / 1e6 }));
  process.exit(0);
}
`;

const BARE = `${CLIENT}
const client = newClient();
await done(ready(), client);
`;

/** What a careful engineer sets up by hand: spans in batches, and a few metrics to be scraped. */
const FLOOR = `${CLIENT}
import { createServer } from "node:http";
import { createFloor } from "./floor.js";
const floor = createFloor("http://127.0.0.1:9");
const server = createServer((_request, response) => response.end());
const client = newClient();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const figures = ready();
await floor.call(client, REQUEST);
await done(figures, client);
`;

const ours = (options, ready = "") => `${CLIENT}
import { createObservability } from "@rlm-toolkit/observability";
const obs = createObservability(${options});
const client = obs.observe(newClient());
${ready}
await done(ready(), client);
`;

const OTLP = `otlp: { endpoint: "http://127.0.0.1:9" }`;
const LANGFUSE = `langfuse: { publicKey: "pk-lf-1", secretKey: "sk-lf-1", baseUrl: "http://127.0.0.1:9" }`;
const WEBHOOK = `webhook: { url: "http://127.0.0.1:9/" }`;

export const cases = [
  { name: "bare client", source: BARE },
  { name: "by hand: spans, metrics, a server", source: FLOOR },
  { name: "ours: defaults", source: ours("") },
  { name: "ours: defaults, listening", source: ours("", "await obs.ready();") },
  {
    name: "ours: OTLP, listening",
    source: ours(`{ ${OTLP}, log: { destination: "off" } }`, "await obs.ready();"),
  },
  {
    name: "ours: every destination, listening",
    source: ours(`{ ${OTLP}, ${LANGFUSE}, ${WEBHOOK} }`, "await obs.ready();"),
  },
  { name: "--import register", source: BARE, preload: "@rlm-toolkit/observability/register" },
];
