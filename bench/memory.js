// Heap that is left after many calls: the bare client, a version written by hand, and ours; and ours over many more.
//
//   npm run bench:memory
//   npm run bench:memory -- --calls 50000 --flat-calls 200000
//
// In process and without a network; each subject in a process of its own, the heap measured after collecting garbage.
import { fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";

const COMPARED = ["bare", "floor", "ours", "ours, every sink"];
const SAMPLES = 10;

const { values: flags } = parseArgs({
  options: {
    calls: { type: "string", default: "200000" },
    "flat-calls": { type: "string", default: "1000000" },
  },
});
const start = (file, args = [], execArgv = []) =>
  fork(new URL(file, import.meta.url), args, { execArgv });

const collector = start("collector.js");
const [{ url }] = await once(collector, "message");

/** Samples of the heap of `name`: before the first call, after each `step` of them, after the last. */
async function heapOf(name, calls, step) {
  const worker = start("memory-worker.js", [name, url, calls, step], ["--expose-gc"]);
  const samples = [];
  worker.on("message", (sample) => {
    samples.push(sample);
    if (sample.last) worker.kill();
  });
  await once(worker, "exit");
  if (!samples.at(-1)?.last) throw new Error(`the process of "${name}" ended too early`);
  return samples;
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(1).padStart(9);
const counted = (count) => Number(count).toLocaleString("en").padStart(12);

console.log(`heap in use in MB, one call in 50 a stream\n`);
console.log(`${"".padEnd(20)}    start   after ${Number(flags.calls).toLocaleString("en")} calls`);
for (const name of COMPARED) {
  const [first, last] = await heapOf(name, flags.calls, flags.calls);
  console.log(`${name.padEnd(20)}${megabytes(first.heapBytes)}${megabytes(last.heapBytes)}`);
}

const flatCalls = Number(flags["flat-calls"]);
console.log(`\n${"ours, after".padStart(12)} calls`);
for (const { call, heapBytes } of await heapOf("ours", flatCalls, flatCalls / SAMPLES)) {
  console.log(`${counted(call)}${megabytes(heapBytes)}`);
}
collector.kill();
