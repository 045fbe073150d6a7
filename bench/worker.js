// One subject in a process of its own: what it turns on in Node.js, it alone pays for. Told by its parent what to run.
import { setImmediate } from "node:timers/promises";
import { peers } from "./peers.js";
import { CHAT, STREAM } from "./provider.js";
import { subjects } from "./subjects.js";

const [name, collectorUrl, folder] = process.argv.slice(2);
const subject = await (subjects[name] ?? peers[name].subject)(collectorUrl, folder);

const runs = { chat: () => subject.call(CHAT), stream: () => subject.call(STREAM) };

/** CPU time of one call in microseconds, with what it leaves to be exported. */
async function cpuPerCall(run, calls) {
  const start = process.cpuUsage();
  for (let index = 0; index < calls; index += 1) {
    await run();
    // exporters need a turn, as they get one in an application that waits for a network
    if (index % 10 === 0) await setImmediate();
  }
  await subject.flush();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / calls;
}

process.on("message", ({ run, calls }) => {
  void cpuPerCall(runs[run], calls).then((time) => process.send(time));
});
process.send("ready");
