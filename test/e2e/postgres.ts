import { execFile, spawn, type ChildProcess } from "node:child_process";
import { chownSync } from "node:fs";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

import { poll } from "../support/poll.ts";
import { binaryPath } from "./binaries.ts";
import { freePort } from "./server-process.ts";

const PASSWORD = "p%40ss w:rd".replaceAll(" ", "%20");
const READY_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 20_000;

export interface PostgresSettings {
  /** Lines of `postgresql.conf`. */
  readonly configuration?: readonly string[];
}

/** A real PostgreSQL on a loopback port, with a folder of its own. */
export interface Postgres {
  readonly port: number;
  /** Of a fresh, empty database; with a password. */
  createDatabase(options?: { readonly tablespace?: string }): Promise<string>;
  /** Runs SQL in a database, past everything that is tested. */
  query(url: string, sql: string, parameters?: unknown[]): Promise<Record<string, unknown>[]>;
  /** As if the power went: nothing is written any more. Its children notice, and end. */
  kill(): Promise<void>;
  /** After `kill()`, on the same data and port. */
  start(): Promise<void>;
  /** Ends it by its pid, and removes its folder. Idempotent. */
  stop(): Promise<void>;
}

/** Makes a cluster and starts it. Needs the binaries: see `describeWith`. */
export async function startPostgres(settings: PostgresSettings = {}): Promise<Postgres> {
  const owner = await serverUser();
  const folder = await mkdtemp(join(tmpdir(), "rlm-postgres-"));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  const port = await freePort();
  const programs = dirname(binaryPath("postgres"));
  await promisify(execFile)(
    join(programs, "initdb"),
    `-D ${data} -U postgres -E UTF8 --no-locale --no-sync --auth-local=trust --auth-host=scram-sha-256`.split(
      " ",
    ),
    { cwd: folder, ...owner },
  );
  await appendFile(join(data, "postgresql.conf"), configuration(port, settings));
  let child: ChildProcess | undefined;
  let databases = 0;

  const urlOf = (database: string) =>
    `postgres://app:${PASSWORD}@127.0.0.1:${port}/${database}?sslmode=disable`;
  const query: Postgres["query"] = async (url, sql, parameters) => {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql, parameters)).rows;
    } finally {
      await client.end();
    }
  };
  // by the socket in the folder, where nobody is asked for a password
  const admin = (sql: string) =>
    query(`postgres://postgres@/postgres?host=${encodeURIComponent(folder)}&port=${port}`, sql);

  async function start(): Promise<void> {
    let output = "";
    const server = spawn(join(programs, "postgres"), ["-D", data, "-k", folder], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      ...owner,
    });
    server.stderr.on("data", (chunk) => (output = `${output}${String(chunk)}`.slice(-4_000)));
    child = server;
    await poll(
      "PostgreSQL accepts connections",
      async () => {
        if (hasEnded(server)) throw new Error(`postgres ended:\n${output}`);
        return (await admin("select 1").catch(() => [])).length === 1;
      },
      READY_DEADLINE_MS,
    );
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const server = child;
    if (server === undefined || hasEnded(server)) return;
    server.kill(signal);
    await poll("PostgreSQL has ended", () => hasEnded(server), STOP_DEADLINE_MS);
  }

  await start();
  await admin(`create role app login password '${decodeURIComponent(PASSWORD)}'`);
  return {
    port,
    query,
    async createDatabase({ tablespace } = {}) {
      databases += 1;
      let place = "";
      if (tablespace !== undefined) {
        if (owner) chownSync(tablespace, owner.uid, owner.gid);
        await admin(`create tablespace t${databases} location '${tablespace}'`);
        place = `tablespace t${databases}`;
      }
      await admin(`create database d${databases} owner app ${place}`);
      return urlOf(`d${databases}`);
    },
    kill: () => end("SIGKILL"),
    start,
    async stop() {
      await end("SIGINT");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(port: number, { configuration: more = [] }: PostgresSettings): string {
  return [
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    "max_connections = 40",
    "shared_buffers = 16MB",
    // a killed server must have kept what it acknowledged: that is what is tested
    "fsync = on",
    ...more,
    "",
  ].join("\n");
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
async function serverUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(["-u", "-g"].map(idOfPostgres));
  if (uid === undefined || gid === undefined) throw new Error("there is no user postgres");
  return { uid, gid };
}

async function idOfPostgres(option: string): Promise<number> {
  const { stdout } = await promisify(execFile)("id", [option, "postgres"]);
  return Number(stdout);
}
