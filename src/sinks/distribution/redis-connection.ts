import type { RedisClient, RedisModule } from "./redis-client.ts";
import { RedisFailure } from "./redis-failure.ts";

export interface ConnectionOptions {
  readonly url: string;
  /** What connecting, and each command, may take. Milliseconds. */
  readonly timeoutMs: number;
}

/** A connection while it lasts. When it ends, for whatever reason, somebody opens the next one. */
export interface RedisConnection {
  readonly isOpen: boolean;
  /**
   * Sends a command; `extraMs` is what it waits at the server.
   * @throws RedisFailure; the connection is then closed: another one may reach another server, or find it as it should be
   */
  send<T>(command: (client: RedisClient) => Promise<T>, extraMs?: number): Promise<T>;
  close(): void;
}

/**
 * Opens one connection. It doesn't reconnect, doesn't repeat a command, and keeps no process alive: all that ioredis
 * would do by itself, with timers that do keep it alive.
 * @throws RedisFailure
 */
export async function openConnection(
  { Redis }: RedisModule,
  options: ConnectionOptions,
): Promise<RedisConnection> {
  const connection = new Connection(clientOf(Redis, options), options.timeoutMs);
  await connection.open();
  return connection;
}

class Connection implements RedisConnection {
  readonly #client: RedisClient;
  readonly #timeoutMs: number;
  #ended = false;
  /** The first is the cause, what follows are its consequences. */
  #firstError: unknown;

  constructor(client: RedisClient, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
    // unheard, ioredis writes it to the console
    client.on("error", (error) => (this.#firstError ??= error));
    client.on("end", () => (this.#ended = true));
    // trying a host's second address makes another socket of it
    client.on("connect", () => client.stream?.unref?.());
  }

  get isOpen(): boolean {
    return !this.#ended;
  }

  open(): Promise<void> {
    return this.send(async (client) => {
      const connected = client.connect();
      setImmediate(() => client.stream?.unref?.());
      await connected;
      // who may not do anything is told why, but only for a command as small as this
      await client.call("TIME");
      // a database that is not there is said only here: ioredis would go on with the first one
      if (this.#firstError !== undefined) throw RedisFailure.from(this.#firstError);
    });
  }

  async send<T>(command: (client: RedisClient) => Promise<T>, extraMs = 0): Promise<T> {
    try {
      if (this.#ended) throw new RedisFailure("closed");
      return await inTime(this.#timeoutMs + extraMs, command(this.#client));
    } catch (error) {
      const failure = this.#failureOf(error);
      this.close();
      throw failure;
    }
  }

  close(): void {
    this.#ended = true;
    // without it, a connection to nobody would be waited for
    this.#client.stream?.destroy();
    this.#client.disconnect();
  }

  #failureOf(error: unknown): RedisFailure {
    const failure = RedisFailure.from(error);
    if (failure.reason !== "closed" || this.#firstError === undefined) return failure;
    const { reason } = RedisFailure.from(this.#firstError);
    return new RedisFailure(reason);
  }
}

function clientOf(Redis: RedisModule["Redis"], { url, timeoutMs }: ConnectionOptions): RedisClient {
  return new Redis(url, {
    connectTimeout: timeoutMs,
    connectionName: "rlm-obs",
    disableClientInfo: true,
    disconnectTimeout: 0,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    lazyConnect: true,
    // the third gives other shapes of answers, and nothing that is needed here
    protocol: 2,
    retryStrategy: () => null,
  });
}

function inTime<T>(limitMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new RedisFailure("timeout")), limitMs).unref();
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
