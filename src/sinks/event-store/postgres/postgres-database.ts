import { Socket } from "node:net";
import type pg from "pg";
import type { Client, ClientConfig } from "pg";
import { ObservabilityError } from "../../../errors/index.ts";
import type { Database, OpenDatabase } from "../database.ts";
import { deadline } from "../deadline.ts";

export interface PostgresOptions {
  readonly url: string;
  /** What connecting, and what one statement may take. Milliseconds. */
  readonly timeoutMs: number;
  /** Loads the optional peer; injected so that its absence can be tried. */
  readonly load?: () => Promise<{ readonly default: typeof pg }>;
}

const KEEP_ALIVE_DELAY_MS = 10_000;
const CLOSE_LIMIT_MS = 1_000;

/** A connection to a PostgreSQL server that does not keep the process alive. */
export function postgresOpener(options: PostgresOptions): OpenDatabase {
  return async () => {
    const driver = await loadPg(options.load);
    const sockets: Socket[] = [];
    const client = new driver.default.Client(clientConfig(options, sockets));
    let usable = true;
    // what breaks while nothing is under way is heard of here alone
    client.on("error", () => (usable = false));
    client.on("end", () => (usable = false));
    const connecting = client.connect();
    for (const socket of sockets) socket.unref();
    try {
      await connecting;
    } catch (error) {
      for (const socket of sockets) socket.destroy();
      throw error;
    }
    return opened(client, {
      usable: () => usable,
      destroy: () => {
        for (const socket of sockets) socket.destroy();
      },
      timeoutMs: options.timeoutMs,
    });
  };
}

interface Handle {
  readonly usable: () => boolean;
  /** Ends the connection without a word to the other side, which may not listen. */
  readonly destroy: () => void;
  readonly timeoutMs: number;
}

function opened(client: Client, { usable, destroy, timeoutMs }: Handle): Database {
  return {
    get usable() {
      return usable();
    },
    async query(sql, parameters, limitMs = timeoutMs) {
      const values = parameters === undefined ? undefined : [...parameters];
      const answer = client.query<Record<string, unknown>>(sql, values);
      return (await deadline(answer, limitMs, destroy)).rows;
    },
    async close() {
      const limitMs = Math.min(timeoutMs, CLOSE_LIMIT_MS);
      await deadline(client.end(), limitMs, destroy).catch(() => undefined);
      destroy();
    },
  };
}

function clientConfig({ url, timeoutMs }: PostgresOptions, sockets: Socket[]): ClientConfig {
  return {
    connectionString: url,
    application_name: "rlm-observability",
    connectionTimeoutMillis: timeoutMs,
    // the server gives up first, so that the connection can go on; we do where the server is not heard any more
    statement_timeout: Math.ceil(timeoutMs * 0.9),
    idle_in_transaction_session_timeout: timeoutMs * 2,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    stream: () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket;
    },
  };
}

/** @throws ObservabilityError `PEER_MISSING`, with what to install */
async function loadPg(load: PostgresOptions["load"] = importPeer) {
  try {
    return await load();
  } catch (cause) {
    throw new ObservabilityError(
      "PEER_MISSING",
      "An event store in PostgreSQL needs the optional package `pg`: npm install pg",
      { cause },
    );
  }
}

function importPeer() {
  // caught, so that a bundler takes it for optional
  return import("pg").catch((error: unknown) => Promise.reject(error));
}
