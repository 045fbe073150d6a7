import { ObservabilityError } from "../../errors/index.ts";

/** The part of the class `Redis` of the package `ioredis` 5 and later that is needed here. */
export interface RedisClient {
  /** The socket; missing until `connect()` has begun. */
  readonly stream?: { unref?(): unknown; destroy(): unknown };
  connect(): Promise<unknown>;
  disconnect(): void;
  on(event: string, listener: (argument?: unknown) => void): unknown;
  call(command: string, ...parameters: (string | number)[]): Promise<unknown>;
  /** The commands, their names in lower case, in one transaction: all of them, or none. */
  multi(commands: (string | number)[][]): { exec(): Promise<unknown> };
}

export interface RedisClientOptions {
  readonly connectTimeout: number;
  readonly connectionName: string;
  readonly disableClientInfo: boolean;
  readonly disconnectTimeout: number;
  readonly enableOfflineQueue: boolean;
  readonly enableReadyCheck: boolean;
  readonly autoResendUnfulfilledCommands: boolean;
  readonly lazyConnect: boolean;
  readonly protocol: 2;
  readonly retryStrategy: () => null;
}

export interface RedisModule {
  readonly Redis: new (url: string, options: RedisClientOptions) => RedisClient;
}

/** What `import("ioredis")` gives: the first releases of 5 have the class as the module itself, and no name for it. */
export type ImportedRedis = Partial<RedisModule> & { readonly default?: unknown };

/** Loads the optional peer; injected so that its absence can be tried. */
export type LoadRedis = () => Promise<ImportedRedis>;

/** @throws ObservabilityError `PEER_MISSING`, with what to install. */
export async function loadRedis(load: LoadRedis = importPeer): Promise<RedisModule> {
  try {
    const { Redis, default: module } = await load();
    // of CommonJS, the default is what `module.exports` was set to
    return { Redis: Redis ?? (module as RedisModule["Redis"]) };
  } catch (cause) {
    throw new ObservabilityError(
      "PEER_MISSING",
      "Events go to other instances with the optional package `ioredis`: npm install ioredis",
      { cause },
    );
  }
}

function importPeer(): Promise<ImportedRedis> {
  // caught, so that a bundler takes it for optional
  return import("ioredis").catch((error: unknown) => Promise.reject(error));
}
