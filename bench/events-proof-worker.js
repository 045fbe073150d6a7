// Publishes very many events with everything attached, in a process of its own with `--expose-gc`, and reports.
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate, setTimeout } from "node:timers/promises";
import { resolveConfig } from "../src/config/index.ts";
import { createRuntime } from "../src/runtime/create-runtime.ts";
import { createTurns, EVENTS_PER_TURN } from "./event-turns.js";
import {
  collectedTotals,
  createWitness,
  expectedTotals,
  scrapedTotals,
} from "./events-proof-checks.js";

const SESSIONS = 200;
const SAMPLES = 10;
/** The disk and the database get a turn, as in an application that waits for its models. */
const FLUSH_EVERY_TURNS = 100;

// whoever started it is gone
process.once("disconnect", () => process.exit());

const { events, folder, store, redis } = JSON.parse(process.argv[2]);
const turns = events / EVENTS_PER_TURN;
const log = join(folder, "log.jsonl");
const audit = join(folder, "audit");
const { config } = resolveConfig(
  {
    server: { enabled: false },
    // it keeps the last files alone, unless they are never full
    log: { destination: log, maxSizeBytes: 10_000_000_000 },
    audit: { path: audit },
    shutdownTimeoutMs: 60_000,
    // a machine may be busy, and every event counts here
    events: {
      ...(store && { store: join(folder, "store"), storeTimeoutMs: 60_000 }),
      ...(redis && { redis }),
    },
  },
  {},
);
const runtime = createRuntime(config);
const { bus, sinks } = runtime;

const inline = createWitness();
bus.subscribe({ name: "inline", handle: inline.handle });
const queued = createWitness();
bus.subscribe({ name: "queued", queue: {}, handle: async (event) => queued.handle(event) });

async function heapMb() {
  await runtime.forceFlush();
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc();
    await setTimeout(10);
  }
  return process.memoryUsage().heapUsed / 1e6;
}

/** While something is under way. */
function collectedHeapMb() {
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1e6;
}

async function linesOf(file) {
  let lines = 0;
  for await (const _line of createInterface({ input: createReadStream(file) })) lines += 1;
  return lines;
}

async function recordsOf(path) {
  let records = 0;
  for (const name of await readdir(path)) records += await linesOf(join(path, name));
  return records;
}

async function readStore() {
  const found = createWitness();
  const heap = [];
  const startedAt = performance.now();
  let count = 0;
  for await (const { event } of sinks.eventStore.read()) {
    found.handle(event);
    count += 1;
    if (count % (events / SAMPLES) === 0) heap.push(collectedHeapMb());
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  return { stored: found.witness, heap, seconds };
}

/** Each event has a time of its own, which tells its place. */
let clock = 0;
const publishTurn = createTurns(SESSIONS, () => clock++);
const heap = [];
for (let turn = 0; turn < turns; turn += 1) {
  publishTurn(bus.publish, turn);
  if (turn % FLUSH_EVERY_TURNS === 0) {
    await setImmediate();
    await runtime.forceFlush();
  }
  if ((turn + 1) % (turns / SAMPLES) === 0) heap.push(await heapMb());
}
await runtime.forceFlush();

const expected = expectedTotals(turns, SESSIONS);
const collected = collectedTotals(runtime);
const scraped = await scrapedTotals(sinks.exposition);
const readBack = store ? await readStore() : undefined;
const published = bus.statistics.totalPublished;
const { lost } = await runtime.shutdown();
process.send(
  {
    heap,
    expected,
    collected,
    scraped,
    readBack,
    inline: inline.witness,
    queued: queued.witness,
    lost,
    // the last ones are published by the shutdown itself
    audited: { records: await recordsOf(audit), atLeast: published },
    logged: await linesOf(log),
  },
  () => process.disconnect(),
);
