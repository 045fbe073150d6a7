/**
 * What runs in PGlite's thread, as text: PostgreSQL in WASM computes for milliseconds at a time, which must not be the
 * application's. Text, because a file of its own would not survive an application's bundler.
 *
 * PGlite switches `fsync` off and has no way to do it; here a commit is on the disk when it is acknowledged. What is
 * used of its inside is tried for: without it everything works but for a power cut, and the first answer says so.
 */
export const pgliteProgram = `
const { parentPort, workerData } = require("node:worker_threads");
const { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } = require("node:fs");
const { join } = require("node:path");

// the server's own log: what concerns us comes as an error. Not by the streams of the thread: they keep the process alive
for (const stream of [process.stdout, process.stderr]) stream.write = () => true;

const CHECKPOINT_AFTER_CHARACTERS = 16 * 1024 * 1024;
let database;
let upkeep;
let written = 0;

function syncFolder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) syncFolder(join(folder, entry.name));
    else sync(join(folder, entry.name));
  }
  sync(folder);
}

function sync(path) {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

// a process that dies while it makes one leaves nothing that looks like a cluster
async function create(PGlite, parent, folder) {
  const unfinished = join(parent, "unfinished");
  rmSync(unfinished, { recursive: true, force: true });
  const cluster = await PGlite.create(unfinished);
  await cluster.close();
  syncFolder(unfinished);
  renameSync(unfinished, folder);
  sync(parent);
}

async function open({ module, parent, upkeep: sql }) {
  upkeep = sql;
  const { PGlite } = require(module);
  const folder = join(parent, "pgdata");
  if (!existsSync(folder)) await create(PGlite, parent, folder);
  const settings = ["-c", "wal_sync_method=fsync", "-c", "shared_buffers=16MB", "-c", "default_statistics_target=20"];
  const usual = PGlite.defaultStartParams;
  const startParams = usual && [...usual.filter((parameter) => parameter !== "-F"), ...settings];
  database = await PGlite.create(folder, startParams ? { startParams } : {});
  await database.exec(upkeep);
  return installSync();
}

function installSync() {
  try {
    const { stream_ops: operations } = database.Module.FS.lookupPath("/pglite/data").node;
    if (typeof operations.write !== "function") return false;
    operations.fsync = ({ nfd }) => {
      fsyncSync(nfd);
      return 0;
    };
    return true;
  } catch {
    return false;
  }
}

async function query({ sql, parameters }) {
  if (parameters === undefined) {
    const results = await database.exec(sql);
    return results.at(-1)?.rows ?? [];
  }
  written += parameters.reduce((sum, value) => sum + (value?.length ?? 0), 0);
  return (await database.query(sql, parameters)).rows;
}

// the embedded server has nobody who does it beside the queries: its log would grow, and so would the next start
async function checkpointIfDue() {
  if (written < CHECKPOINT_AFTER_CHARACTERS) return;
  written = 0;
  await database.exec("checkpoint");
  await database.exec(upkeep);
}

const answers = { open, query, close: () => database?.close() };
let last = Promise.resolve();
parentPort.on("message", ({ id, kind, ...request }) => {
  last = last.then(async () => {
    try {
      parentPort.postMessage({ id, value: await answers[kind](request) });
      if (kind === "query") await checkpointIfDue();
    } catch (error) {
      parentPort.postMessage({ id, error: { message: String(error?.message ?? error), code: error?.code } });
    }
  });
});
`;
