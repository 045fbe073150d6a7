import { createServer } from "node:http";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { within } from "./within.js";

/**
 * One scripted answer.
 *
 * @typedef {object} Answer
 * @property {number} [status] Default 200.
 * @property {Record<string, string>} [headers] Default: JSON.
 * @property {readonly (string | Uint8Array)[]} parts Sent one by one.
 * @property {number} [delayMs] Before the headers.
 * @property {number} [partDelayMs] After each part; default 1, so that each is a read of its own.
 * @property {"end" | "cut" | "hang" | "reset"} [ending] `hang` waits for the client to go; `reset` is no answer at all.
 */

/**
 * One HTTP exchange as the provider saw it: what must be the same whether the client is observed or not.
 *
 * @typedef {object} Exchange
 * @property {object} request Method, path, version, headers in order and case, body byte for byte.
 * @property {"open" | "answered" | "client left"} end
 */

const JSON_TYPE = { "content-type": "application/json" };

/** A provider on loopback that says what it is told to and remembers what it was asked. */
export async function startProvider(/** @type {readonly Answer[]} */ answers) {
  /** @type {Exchange[]} */
  const exchanges = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(exchanges.length, answers.length - 1)];
    /** @type {Exchange} */
    const exchange = { request: {}, end: "open" };
    exchanges.push(exchange);
    response.on("close", () => {
      exchange.end = response.writableFinished ? "answered" : "client left";
      server.emit("settled");
    });
    serve(request, response, { answer, exchange }).catch(() => response.destroy());
  });
  // a client that writes while the server destroys the socket is part of the game
  server.on("clientError", (_error, socket) => socket.destroy());

  async function serve(request, response, { answer, exchange }) {
    exchange.request = await received(request);
    server.emit("arrived");
    if (answer === undefined || answer.ending === "reset") return void request.socket.destroy();
    await sleep(answer.delayMs ?? 0, undefined, { ref: false });
    response.sendDate = false;
    response.writeHead(answer.status ?? 200, answer.headers ?? JSON_TYPE);
    response.flushHeaders();
    for (const part of answer.parts) {
      if (response.destroyed) return;
      if (!response.write(part))
        await Promise.race([once(response, "drain"), once(response, "close")]);
      if (answer.partDelayMs !== 0) await sleep(answer.partDelayMs ?? 1);
    }
    if (answer.ending === "cut") response.destroy();
    else if (answer.ending !== "hang") response.end();
  }

  /** Resolves to true when `reached`, to false when that takes too long. */
  function until(reached, event) {
    const waiting = (async () => {
      while (!reached()) await once(server, event);
      return true;
    })();
    return within(10_000, waiting, false);
  }

  const port = await listenOnFreshPort(server);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    exchanges,
    /** True once `count` requests have arrived. */
    arrived: (count) =>
      until(
        () => exchanges.filter(({ request }) => "method" in request).length >= count,
        "arrived",
      ),
    /** True once the exchange at `index` is over, as far as the provider goes. */
    answered: (index = 0) => until(() => exchanges[index]?.end === "answered", "settled"),
    /** True once the exchange at `index` is over, whoever ended it: SDKs leave what they are not going to read. */
    over: (index = 0) =>
      until(() => !["open", undefined].includes(exchanges[index]?.end), "settled"),
    /** True once the client has left the exchange at `index` before its end. */
    clientLeft: (index = 0) => until(() => exchanges[index]?.end === "client left", "settled"),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const used = new Set();

/** On a port that no other provider of this process has had: reports are told apart by it. */
async function listenOnFreshPort(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  if (!used.has(port)) {
    used.add(port);
    return port;
  }
  server.close();
  await once(server, "close");
  return listenOnFreshPort(server);
}

async function received(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, url: path, httpVersion, rawHeaders } = request;
  return { method, path, httpVersion, rawHeaders, body: Buffer.concat(chunks).toString("latin1") };
}
