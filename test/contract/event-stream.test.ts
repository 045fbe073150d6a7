import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createEvent } from "../../src/events/index.ts";
import { startServer, type RunningServer } from "../../src/http/index.ts";
import { poll } from "../support/poll.ts";
import { createRestHandler, type RestHandler } from "../support/rest-handler.ts";

let rest: RestHandler;
let server: RunningServer;
let port: number;
let sockets: Socket[];

beforeEach(async () => {
  rest = createRestHandler();
  const { diagnostics, handler } = rest;
  server = startServer({ answer: handler.answer, host: "127.0.0.1", port: 0, diagnostics });
  port = Number(new URL((await server.status).url ?? "").port);
  sockets = [];
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const socket of sockets) socket.destroy();
  await rest.handler.close();
  await server.close();
});

const alert = (message: string) =>
  createEvent("system_alert", { name: "a", severity: "info", message }, 1_000);

/** A client of one connection, as bytes: what it has got so far is `text`. */
async function open(headers = "", query = ""): Promise<{ socket: Socket; text: () => string }> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  sockets.push(socket);
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  socket.write(`GET /events/stream${query} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`);
  await poll("an answer", () => text.includes("\r\n\r\n"), 10_000);
  return { socket, text: () => text };
}

describe("a stream over a connection", () => {
  it("goes on where it was left, over a new connection", async () => {
    const first = await open();
    expect(first.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*content-type: text\/event-stream\r\n/i);
    const events = ["a", "b", "c"].map(alert);
    for (const event of events.slice(0, 1)) rest.bus.publish(event);
    await poll("the first event", () => first.text().includes(events[0]?.id ?? ""));
    first.socket.destroy();
    for (const event of events.slice(1)) rest.bus.publish(event);
    const again = await open(`Last-Event-ID: ${events[0]?.id}\r\n`);
    await poll("the others", () => again.text().includes(events[2]?.id ?? ""));
    expect([...again.text().matchAll(/^id: (.*)$/gm)].map(([, id]) => id)).toEqual(
      events.slice(1).map(({ id }) => id),
    );
    expect(again.text()).not.toContain("event: gap");
  });

  it("ends at the shutdown, with the last event", async () => {
    const client = await open();
    const closed = once(client.socket, "close");
    const event = alert("last");
    rest.bus.publish(event);
    await rest.handler.close();
    await server.close();
    await closed;
    expect(client.text()).toContain(event.id);
    expect(client.text()).toMatch(/\r\n0\r\n\r\n$/);
  });
});

it("a thousand clients are served, one more is not, until one leaves", async () => {
  const clients: Awaited<ReturnType<typeof open>>[] = [];
  for (let batch = 0; batch < 10; batch += 1) {
    clients.push(...(await Promise.all(Array.from({ length: 100 }, () => open()))));
  }
  expect(clients.every(({ text }) => text().startsWith("HTTP/1.1 200"))).toBe(true);
  const refused = await open();
  expect(refused.text()).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 30\r\n[^]*too-many-streams/i);

  const event = alert("for all");
  rest.bus.publish(event);
  await poll("it everywhere", () => clients.every(({ text }) => text().includes(event.id)), 10_000);

  clients[0]?.socket.destroy();
  await poll("a free place", async () => (await open()).text().startsWith("HTTP/1.1 200"), 10_000);
  expect(rest.problems).toEqual([]);
}, 60_000);

it("a client that stops reading is disconnected; the others miss nothing, and nobody waits for it", async () => {
  const slow = await open();
  slow.socket.pause();
  const reading = await open();
  const message = "x".repeat(10_000);
  // 20 MB, far more than what the kernel takes for a client, and what may wait for it
  for (let count = 0; count < 2_000; count += 1) {
    rest.bus.publish(alert(message));
    if (count % 20 === 0) await delay(1);
  }
  const count = () => reading.text().split("event: system_alert").length - 1;
  await poll("all of it", () => count() === 2_000, 20_000);

  const closed = once(slow.socket, "close");
  slow.socket.resume();
  await closed;
  const gap = /event: gap\ndata: (.*)\n/.exec(slow.text())?.[1] ?? "{}";
  const got = slow.text().split("event: system_alert").length - 1;
  expect(JSON.parse(gap)).toEqual({ reason: "slow_client", lost: 2_000 - got });
  expect([...rest.diagnostics.counters.dropped.values()]).toEqual([
    { destination: "event_stream", reason: "slow_client", count: 2_000 - got },
  ]);
  expect(rest.problems).toEqual([]);
}, 60_000);

it("a client that reads nothing for half a minute is cut off, without a word on standard error", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const written = vi.spyOn(console, "error");
  const stuck = await open();
  const closed = once(stuck.socket, "close");
  stuck.socket.pause();
  const message = "x".repeat(10_000);
  for (let count = 0; count < 2_000; count += 1) {
    rest.bus.publish(alert(message));
    if (count % 20 === 0) await delay(1);
  }
  vi.advanceTimersByTime(30_000);
  stuck.socket.resume();
  await closed;
  expect(stuck.text()).not.toContain("slow_client");
  expect(stuck.text()).not.toMatch(/\r\n0\r\n\r\n$/);
  const [loss] = rest.diagnostics.counters.dropped.values();
  expect(loss).toMatchObject({ destination: "event_stream", reason: "slow_client" });
  expect(loss?.count).toBeGreaterThan(100);
  expect(written).not.toHaveBeenCalled();
  expect(rest.problems).toEqual([]);
}, 60_000);
