// One row in a process of its own: events, and the CPU time that they take with all that listens to them.
import { setImmediate } from "node:timers/promises";
import { createEventBus } from "../src/bus/index.ts";
import { resolveConfig } from "../src/config/index.ts";
import { createDiagnostics } from "../src/diagnostics/index.ts";
import { createRuntime } from "../src/runtime/create-runtime.ts";
import { createTurns, EVENTS_PER_TURN } from "./event-turns.js";
import { mainThreadCpuMicros } from "./thread-cpu.js";

const SESSIONS = 200;
/** What waits is written now and then, as in an application that waits for its models. */
const FLUSH_EVERY_TURNS = 100;
/** Until what runs often is compiled, and what is loaded late is there. */
const WARM_UP_ROUNDS = 3;

// whoever started it is gone
process.once("disconnect", () => process.exit());

const { options, subscribers, eventsPerRound, rounds } = JSON.parse(process.argv[2]);

function start() {
  if (options === null) {
    const bus = createEventBus(createDiagnostics());
    return { bus, forceFlush: async () => {}, shutdown: async () => ({ lost: {} }) };
  }
  return createRuntime(resolveConfig(options, {}).config);
}

const runtime = start();
const { bus } = runtime;
for (let index = 0; index < subscribers; index += 1) {
  bus.subscribe({ name: `async-${index}`, queue: {}, handle: async () => {} });
}
const publishTurn = createTurns(SESSIONS);
let turn = 0;

/** Of one event, in microseconds: CPU time of this thread and of all, and what passes until `publish()` has returned. */
async function round(events) {
  const begun = process.cpuUsage();
  const threadBegun = mainThreadCpuMicros();
  let publishingMs = 0;
  for (let published = 0; published < events; published += EVENTS_PER_TURN) {
    const publishing = performance.now();
    publishTurn(bus.publish, turn++);
    publishingMs += performance.now() - publishing;
    if (turn % FLUSH_EVERY_TURNS === 0) {
      await setImmediate();
      await runtime.forceFlush();
    }
  }
  await runtime.forceFlush();
  const thread = mainThreadCpuMicros() - threadBegun;
  const { user, system } = process.cpuUsage(begun);
  return {
    thread: thread / events,
    cpu: (user + system) / events,
    publish: (publishingMs * 1_000) / events,
  };
}

const figures = [];
for (let index = -WARM_UP_ROUNDS; index < rounds; index += 1) {
  const figure = await round(eventsPerRound);
  if (index >= 0) figures.push(figure);
}
const { lost } = await runtime.shutdown();
process.send({ figures, lost }, () => process.disconnect());
