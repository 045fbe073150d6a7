// Very many events through everything that listens: none lost, each session's in order, totals exact, memory flat.
//
//   npm run proof:events
//   npm run proof:events -- --store --redis
//
// Metrics, sessions, collectors, the JSON log in a file, the audit log in files, a subscriber that is told at once and one with
// a queue; with `--store` an event store as well (PGlite in a folder), with `--redis` another instance, in a process of its own
// (needs `redis-server`). Ends with status 1 if anything is not as it must be.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, isDeepStrictEqual } from "node:util";
import { bundleSource } from "./bundle-source.js";
import { startRedis } from "./redis-server.js";

/** Heap that may be gained from the second tenth of the events to the last, in MB. */
const MAX_GROWTH_MB = 4;
/** For all events out of the store, on a machine that is busy with other things. */
const MAX_READ_SECONDS = 120;

const { values: flags } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    store: { type: "boolean", default: false },
    redis: { type: "boolean", default: false },
  },
});
// whole turns, and as many in each tenth
const events = Math.max(1, Math.round(Number(flags.events) / 2_000)) * 2_000;

const folder = await mkdtemp(join(tmpdir(), "proof-events-"));
const bundle = await bundleSource("events-proof-worker.js");
const redis = flags.redis ? await startRedis() : undefined;
let wrong = 0;
try {
  if (redis?.missing) throw new Error(redis.missing);
  const other = redis && (await startOther(redis.url));
  const result = await publish(redis?.url);
  report(result);
  if (other) reportOther(await other.report(), result.expected);
} finally {
  redis?.stop();
  await bundle.remove();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = wrong === 0 ? 0 : 1;

/** What a process says next; its end is none of that. */
async function messageOf(worker) {
  const ended = once(worker, "exit").then(([code]) => {
    throw new Error(`the process ended with ${code}`);
  });
  const [message] = await Promise.race([once(worker, "message"), ended]);
  ended.catch(() => {});
  return message;
}

function publish(redisUrl) {
  const task = JSON.stringify({ events, folder, store: flags.store, redis: redisUrl });
  return messageOf(fork(bundle.path, [task], { execArgv: ["--expose-gc"] }));
}

/** Hears of events from before the first one. */
async function startOther(redisUrl) {
  const { path, remove } = await bundleSource("events-proof-other.js");
  const worker = fork(path, [JSON.stringify({ events, redis: redisUrl })]);
  await messageOf(worker);
  return {
    async report() {
      worker.send("report");
      const message = await messageOf(worker);
      await remove();
      return message;
    },
  };
}

function reportOther({ heard, collected, lost }, { events: _events, ...expected }) {
  const { events: _own, ...counted } = collected;
  check("another instance", heard, { seen: events, outOfOrder: 0 });
  check("its sessions and collectors", counted, expected);
  check("lost there", lost, {});
}

function report({ heap, expected, collected, scraped, readBack, audited, logged, ...others }) {
  const { inline, queued, lost } = others;
  const whole = { seen: expected.events, outOfOrder: 0 };
  const { sessions: _sessions, events: _events, ...countedByPrometheus } = expected;
  console.log(`${expected.events.toLocaleString("en")} events of ${expected.sessions} sessions\n`);
  check("a subscriber that is told at once", inline, whole);
  check("a subscriber with a queue", queued, whole);
  if (readBack) reportStore(readBack, whole);
  check("sessions and collectors", collected, expected);
  check("Prometheus", scraped, countedByPrometheus);
  check("lines of the JSON log", logged, expected.requests);
  check("lost", lost, {});
  test("records of the audit log", audited.records >= audited.atLeast, audited);
  testHeap("heap after each tenth, in MB", heap);
}

function reportStore({ stored, heap, seconds }, whole) {
  check("the event store", stored, whole);
  test("read back in two minutes", seconds <= MAX_READ_SECONDS, `${seconds.toFixed(0)} s`);
  testHeap("heap while it is read, in MB", heap);
}

function testHeap(what, heap) {
  const growth = heap.at(-1) - heap[1];
  const samples = heap.map((value) => value.toFixed(1)).join(" ");
  test(what, growth <= MAX_GROWTH_MB, samples);
}

function check(what, actual, expected) {
  const fine = isDeepStrictEqual(actual, expected);
  test(what, fine, actual);
  if (!fine) console.log(`${"".padEnd(40)}instead of ${JSON.stringify(expected)}`);
}

function test(what, fine, shown) {
  if (!fine) wrong += 1;
  const text = typeof shown === "string" ? shown : JSON.stringify(shown);
  console.log(`${fine ? "ok   " : "WRONG"} ${what.padEnd(34)}${text}`);
}
