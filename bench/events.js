// CPU time of one event, from its making to the last of those who listen to it: in the application's thread, in all
// threads, and what of it its publisher waits for.
//
//   npm run bench:events
//   npm run bench:events -- --rounds 20 --events 50000
//   npm run bench:events -- --only Redis
//
// Each row in a process of its own, the events those of agents that answer: ten a turn, of 200 sessions in turn. Spans
// don't come from events and are not in here; `npm run bench` has the whole of a call.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleSource } from "./bundle-source.js";
import { startRedis } from "./redis-server.js";

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    events: { type: "string", default: "20000" },
    only: { type: "string", default: "" },
  },
});

const folder = await mkdtemp(join(tmpdir(), "bench-events-"));
const QUIET = { server: { enabled: false }, metrics: { process: false } };
const BUILT_IN = { ...QUIET, log: { destination: "off" } };
const LOG = { ...QUIET, log: { destination: devNull } };

const redis = await startRedis();
const AUDIT = { ...LOG, audit: { path: join(folder, "audit") } };
const STORE = {
  ...LOG,
  audit: { path: join(folder, "audit-too") },
  events: { store: join(folder, "store") },
};
const EVERYTHING = {
  ...LOG,
  audit: { path: join(folder, "audit-three") },
  events: { store: join(folder, "store-too"), redis: redis.url },
};

/** `options: null` is the bus alone; `subscribers` are an application's own, asynchronous. */
const rows = [
  { name: "the event and the bus alone", options: null },
  { name: "all that is on by default", options: BUILT_IN },
  { name: "and the JSON log, to /dev/null", options: LOG },
  { name: "and an audit log in files", options: AUDIT },
  { name: "and an event store, PGlite in a folder", options: STORE },
  { name: "and Redis", options: EVERYTHING, missing: redis.missing },
  { name: "the JSON log and an async subscriber", options: LOG, subscribers: 1 },
];

async function measure(path, { options, subscribers = 0 }) {
  const rounds = Number(flags.rounds);
  const eventsPerRound = Number(flags.events);
  const task = JSON.stringify({ options, subscribers, eventsPerRound, rounds });
  const worker = fork(path, [task], { execArgv: ["--expose-gc"] });
  const ended = once(worker, "exit").then(([code]) => {
    throw new Error(`a process of the benchmark ended with ${code}`);
  });
  const [result] = await Promise.race([once(worker, "message"), ended]);
  ended.catch(() => {});
  return result;
}

const sorted = (figures) => figures.toSorted((a, b) => a - b);
const median = (figures) => sorted(figures)[Math.floor(figures.length / 2)];
const cell = (value) => (Number.isFinite(value) ? value.toFixed(2) : "–").padStart(12);

async function report(path, row) {
  if (row.missing !== undefined) return console.log(`${row.name.padEnd(40)}   ${row.missing}`);
  const { figures, lost } = await measure(path, row);
  const of = (name) => figures.map((figure) => figure[name] ?? Number.NaN);
  const cells = [
    median(of("thread")),
    Math.min(...of("thread")),
    median(of("cpu")),
    median(of("publish")),
  ];
  const note = Object.keys(lost).length === 0 ? "" : `   lost ${JSON.stringify(lost)}`;
  console.log(`${row.name.padEnd(40)}${cells.map(cell).join("")}${note}`);
}

const { path, remove } = await bundleSource("events-worker.js");
try {
  console.log(
    `one event in µs, medians of ${flags.rounds} rounds: CPU of the application's thread and of all threads, and the ` +
      "time until publish() has returned\n",
  );
  console.log(`${"".padEnd(40)}  its thread       least all threads   publish()`);
  for (const row of rows) if (row.name.includes(flags.only)) await report(path, row);
} finally {
  redis.stop();
  await remove();
  await rm(folder, { recursive: true, force: true });
}
