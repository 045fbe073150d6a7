// CPU time that observing adds to one call, beside the bare client and a version written by hand.
//
//   npm run bench
//
// In process and without a network; medians of interleaved rounds. Ratios are what counts: machines differ.
import { createServer } from "node:http";
import { setImmediate } from "node:timers/promises";
import { createObservability } from "@rlm-toolkit/observability";
import OpenAI from "openai";
import { createFloor } from "./floor.js";
import { providerFetch } from "./provider.js";

const CHUNKS = 64;
const ROUNDS = 15;
const REQUEST = {
  model: "gpt-4o-mini",
  temperature: 0.2,
  messages: [{ role: "user", content: "x".repeat(400) }],
};
const STREAM = { ...REQUEST, stream: true, stream_options: { include_usage: true } };

const collector = createServer((request, response) => {
  request.resume().on("end", () => response.end("{}"));
});
await new Promise((resolve) => collector.listen(0, "127.0.0.1", resolve));

// registers the SDK that the floor's span goes to as well
const obs = createObservability({
  server: { enabled: false },
  log: { destination: "off" },
  metrics: { process: false },
  otlp: { endpoint: `http://127.0.0.1:${collector.address().port}` },
});
const client = () => new OpenAI({ apiKey: "sk-bench", fetch: providerFetch(CHUNKS) });
const bare = client();
const observed = obs.observe(client());
const floor = createFloor();

async function chat(openai) {
  await openai.chat.completions.create(REQUEST);
}

async function stream(openai) {
  for await (const _chunk of await openai.chat.completions.create(STREAM));
}

const cases = [
  {
    name: "chat",
    calls: 600,
    bare: chat,
    floor: (openai, request) => floor.chat(openai, request),
    request: REQUEST,
  },
  {
    name: `${CHUNKS}-chunk stream`,
    calls: 150,
    bare: stream,
    floor: (openai, request) => floor.stream(openai, request),
    request: STREAM,
  },
];

/** Runs all rounds of a case; the first ones warm up. */
async function measure({ calls, request, ...run }) {
  const times = { bare: [], floor: [], ours: [] };
  for (let round = -2; round < ROUNDS; round += 1) {
    const measured = {
      bare: await cpuPerCall(calls, () => run.bare(bare)),
      floor: await cpuPerCall(calls, () => run.floor(bare, request)),
      ours: await cpuPerCall(calls, () => run.bare(observed)),
    };
    if (round < 0) continue;
    for (const key of Object.keys(times)) times[key].push(measured[key]);
  }
  return times;
}

async function cpuPerCall(calls, call) {
  const start = process.cpuUsage();
  for (let index = 0; index < calls; index += 1) {
    await call();
    // exporters need a turn, as they get one in an application that waits for a network
    if (index % 10 === 0) await setImmediate();
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / calls;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

console.log("added CPU per call over the bare client, microseconds\n");
console.log("case              bare   floor   ours   ours / floor");
for (const run of cases) {
  const times = await measure(run);
  const added = (key) => median(times[key].map((value, index) => value - times.bare[index]));
  const columns = [median(times.bare), added("floor"), added("ours")].map((value) =>
    value.toFixed(0).padStart(7),
  );
  const ratio = (added("ours") / added("floor")).toFixed(1);
  console.log(`${run.name.padEnd(16)}${columns.join("")}   ${ratio.padStart(8)}`);
}
await obs.shutdown();
collector.closeAllConnections();
collector.close();
