// CPU time that observing adds to one call, beside the bare client and a version written by hand.
//
//   npm run bench
//   npm run bench -- --rounds 30
//   npm run bench -- --peers <folder>     beside other instrumentations; --help says how to install them
//
// In process and without a network; medians of interleaved rounds, each subject in a process of its own. Ratios are
// what counts: machines differ.
import { fork } from "node:child_process";
import { once } from "node:events";
import { help, parseOptions } from "./options.js";
import { peers, versionIn } from "./peers.js";
import { subjects } from "./subjects.js";

const WARM_UP_ROUNDS = 3;
const cases = [
  { run: "chat", title: "chat", calls: 1000 },
  { run: "stream", title: "64-chunk stream", calls: 150 },
];

const options = readOptions();
const children = [];
const stop = () => children.forEach((child) => child.kill());

const collector = start("collector.js");
const { url } = await next(collector);
const workers = new Map();
for (const name of Object.keys(subjects)) workers.set(name, await startWorker(name));
if (options.folder !== undefined) await startPeers(options.folder);

function readOptions() {
  try {
    const read = parseOptions(process.argv.slice(2));
    if (!read.help) return read;
    console.log(help);
    process.exit(0);
  } catch (error) {
    console.error(`${error.message}\nSee npm run bench -- --help`);
    process.exit(2);
  }
}

function start(file, args = []) {
  const child = fork(new URL(file, import.meta.url), args);
  children.push(child);
  child.once("exit", (code) => {
    if (child.killed) return;
    console.error(`the process of ${args[0] ?? file} ended too early, with ${code}`);
    stop();
    process.exit(1);
  });
  return child;
}

async function next(child) {
  return (await once(child, "message"))[0];
}

async function startWorker(name) {
  const worker = start("worker.js", [name, url, ...(options.folder ? [options.folder] : [])]);
  await next(worker);
  return worker;
}

/** Adds the peers that are installed in `folder` and whose spans arrive, and says which they are. */
async function startPeers(folder) {
  console.log(`all with openai ${versionIn(folder, "openai")}, Node.js ${process.version}`);
  for (const [name, { packages }] of Object.entries(peers)) {
    const missing = packages.filter((needed) => versionIn(folder, needed) === undefined);
    if (missing.length > 0) {
      console.log(`${name} skipped: ${missing.join(", ")} not installed`);
      continue;
    }
    const worker = await startWorker(name);
    if (await isObserving(worker)) {
      workers.set(name, worker);
      console.log(`${name}: ${packages[0]} ${versionIn(folder, packages[0])}`);
    } else {
      worker.kill();
      console.log(`${name} skipped: ${packages[0]} sends no span`);
    }
  }
  console.log();
}

/** Whether a call of each kind leads to a span: an instrumentation that missed the client would look cheap. */
async function isObserving(worker) {
  for (const { run } of cases) {
    const before = await spansReceived();
    worker.send({ run, calls: 1 });
    await next(worker);
    if ((await spansReceived()) === before) return false;
  }
  return true;
}

async function spansReceived() {
  collector.send("count");
  return (await next(collector)).spans;
}

/** Runs all rounds of a case: name → CPU time per call of each round. */
async function measure({ run, calls }) {
  const times = new Map([...workers.keys()].map((name) => [name, []]));
  for (let round = -WARM_UP_ROUNDS; round < options.rounds; round += 1) {
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
stop();
