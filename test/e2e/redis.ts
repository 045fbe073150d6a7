import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { poll } from "../support/poll.ts";
import { binaryPath } from "./binaries.ts";
import { freePort } from "./server-process.ts";

const READY_DEADLINE_MS = 30_000;

/** A real Redis that can be killed and started again, on its port and with its folder. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** A TLS port was asked for: its address. */
  readonly tlsUrl: string | undefined;
  /** Sends one command on a connection of its own. */
  command(name: string, ...parameters: (string | number)[]): Promise<unknown>;
  /** Ends the process at once, by its pid: nothing is saved. */
  kill(): Promise<void>;
  /** After `kill()`. What the append-only file holds is there again. */
  start(): Promise<void>;
  /** Ends the process and removes its folder. Idempotent. */
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Every write is on the disk before it is answered. */
  readonly appendOnly?: boolean;
  /** Files in PEM, for a second port with TLS. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}

/** Starts a Redis on a free loopback port, in a folder of its own. Needs the binary: see `describeWith`. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "rlm-redis-"));
  const port = await freePort();
  const tlsPort = options.tls ? await freePort() : undefined;
  const parameters = ["--bind", "127.0.0.1", "--port", `${port}`, "--dir", folder, "--save", ""];
  if (options.appendOnly) parameters.push("--appendonly", "yes", "--appendfsync", "always");
  if (options.tls) {
    const { certFile, keyFile } = options.tls;
    parameters.push("--tls-port", `${tlsPort}`, "--tls-auth-clients", "no");
    parameters.push("--tls-cert-file", certFile, "--tls-key-file", keyFile);
  }
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = spawn(binaryPath("redis-server"), parameters, { stdio: "ignore" });
    child = started;
    await poll(
      "Redis answers",
      () => {
        if (started.exitCode !== null) throw new Error(`Redis ended with ${started.exitCode}`);
        return ping(port);
      },
      READY_DEADLINE_MS,
    );
  }

  async function kill(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  async function stop(): Promise<void> {
    await kill();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  const url = `redis://127.0.0.1:${port}`;
  return {
    url,
    port,
    tlsUrl: tlsPort === undefined ? undefined : `rediss://localhost:${tlsPort}`,
    async command(name, ...rest) {
      const client = new Redis(url, { retryStrategy: () => null, lazyConnect: true });
      try {
        await client.connect();
        return await client.call(name, ...rest);
      } finally {
        client.disconnect();
      }
    },
    kill,
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Tells whether a Redis answers there, whatever its answer is. */
function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once("error", () => end(false));
    socket.once("data", (data) => end(!data.toString().startsWith("-LOADING")));
  });
}
