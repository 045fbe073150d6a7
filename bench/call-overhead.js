// CPU time that observing adds to one call, beside the bare client and a version written by hand.
//
//   npm run bench
//   npm run bench -- --rounds 30
//
// In process and without a network; medians of interleaved rounds, each subject in a process of its own. Ratios are
// what counts: machines differ.
import { fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { subjects } from "./subjects.js";

const WARM_UP_ROUNDS = 3;
const cases = [
  { run: "chat", title: "chat", calls: 1000 },
  { run: "stream", title: "64-chunk stream", calls: 150 },
];

const { values: flags } = parseArgs({ options: { rounds: { type: "string", default: "15" } } });
const rounds = Number(flags.rounds);

const start = (file, args = []) => fork(new URL(file, import.meta.url), args);
const next = async (child) => (await once(child, "message"))[0];

const collector = start("collector.js");
const { url } = await next(collector);
const workers = new Map();
for (const name of Object.keys(subjects)) {
  const worker = start("worker.js", [name, url]);
  await next(worker);
  workers.set(name, worker);
}

/** Runs all rounds of a case: name → CPU time per call of each round. */
async function measure({ run, calls }) {
  const times = new Map([...workers.keys()].map((name) => [name, []]));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const [name, worker] of workers) {
      worker.send({ run, calls });
      const time = await next(worker);
      if (round >= 0) times.get(name).push(time);
    }
  }
  return times;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const cell = (value, digits) => value.toFixed(digits).padStart(9);

console.log(
  "CPU per call in microseconds; `added` is over the bare client, `ratio` to the floor\n",
);
for (const test of cases) {
  const times = await measure(test);
  const bare = times.get("bare");
  const added = (name) => median(times.get(name).map((time, round) => time - bare[round]));
  console.log(`${test.title.padEnd(22)}     cpu     added     ratio`);
  for (const [name, values] of times) {
    const ratio = added(name) / added("floor");
    const columns = [cell(median(values), 0), cell(added(name), 0), cell(ratio, 2)];
    console.log(`  ${name.padEnd(20)}${columns.join(" ")}`);
  }
  console.log();
}
for (const child of [...workers.values(), collector]) child.kill();
