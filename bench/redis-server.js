// A Redis for the benchmark: `redis-server` as a child, on a free port, in memory alone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, connect } from "node:net";
import { setTimeout } from "node:timers/promises";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function listens(port) {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Its URL and how it is stopped; or `missing`: why there is none. */
export async function startRedis() {
  const port = await freePort();
  const settings = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", settings.map(String), { stdio: "ignore" });
  const ended = Promise.race([
    once(child, "error").then(([error]) => `redis-server: ${error.code}`),
    once(child, "exit").then(([code]) => `redis-server ended with ${code}`),
  ]).catch((error) => `redis-server: ${error.code}`);
  const missing = await Promise.race([ended, untilItListens(port)]);
  return { url: `redis://127.0.0.1:${port}`, missing, stop: () => child.kill() };
}

async function untilItListens(port) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await listens(port)) return undefined;
    await setTimeout(100);
  }
  return "redis-server does not answer";
}
