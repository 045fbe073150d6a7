// One subject in a process of its own, run with `--expose-gc`: calls, and the heap that is left of them.
import { setImmediate, setTimeout } from "node:timers/promises";
import { CHAT, STREAM } from "./provider.js";
import { subjects } from "./subjects.js";

const [name, collectorUrl, calls, step] = process.argv.slice(2);
/** The others are plain. */
const STREAM_EVERY = 50;

/** Heap in use in bytes, once everything is sent and what is garbage is collected. */
async function heapInUse(subject) {
  await subject.flush();
  for (let round = 0; round < 6; round += 1) {
    globalThis.gc();
    // finalisers run in tasks of their own, and make more garbage
    await setTimeout(20);
  }
  return process.memoryUsage().heapUsed;
}

const subject = await subjects[name](collectorUrl);
for (let call = 0; call < Number(calls); call += 1) {
  if (call % Number(step) === 0) process.send({ call, heapBytes: await heapInUse(subject) });
  await subject.call(call % STREAM_EVERY === 0 ? STREAM : CHAT);
  // exporters need a turn, as they get one in an application that waits for a network
  if (call % 10 === 0) await setImmediate();
}
process.send({ call: Number(calls), heapBytes: await heapInUse(subject), last: true });
