import { beforeEach, expect, it } from "vitest";
import { Channel } from "./channel.ts";
import type { Database } from "./database.ts";
import { shareDatabase } from "./share-database.ts";

interface Fake extends Database {
  usable: boolean;
  closed: number;
}

let opened: Fake[];
let failures: Error[];

beforeEach(() => {
  opened = [];
  failures = [];
});

async function open(): Promise<Database> {
  const failure = failures.shift();
  if (failure) throw failure;
  const fake: Fake = {
    usable: true,
    closed: 0,
    query: async () => [],
    async close() {
      fake.usable = false;
      fake.closed += 1;
    },
  };
  opened.push(fake);
  return fake;
}

const withCode = (code: string) => Object.assign(new Error(code), { code });
const nothing = async () => {};
const states = () => opened.map(({ usable, closed }) => ({ usable, closed }));

it("opens when it is first used, and once", async () => {
  const channel = new Channel(open);
  expect(opened).toEqual([]);
  await Promise.all([channel.run(nothing), channel.run(nothing)]);
  await channel.run(nothing);
  expect(states()).toEqual([{ usable: true, closed: 0 }]);
});

it("tries to open again after it could not", async () => {
  failures = [withCode("ECONNREFUSED")];
  const channel = new Channel(open);
  await expect(channel.run(nothing)).rejects.toThrow("ECONNREFUSED");
  await channel.run(nothing);
  expect(opened).toHaveLength(1);
});

it("keeps a connection that refused data, and gives up one that failed otherwise", async () => {
  const channel = new Channel(open);
  const failWith = (error: Error) =>
    channel.run(async () => {
      throw error;
    });
  await expect(failWith(withCode("22P05"))).rejects.toThrow("22P05");
  await expect(failWith(withCode("57014"))).rejects.toThrow("57014");
  await expect(failWith(new Error("lost"))).rejects.toThrow("lost");
  expect(states()).toEqual([
    { usable: false, closed: 1 },
    { usable: false, closed: 1 },
  ]);
});

it("opens another one for one that broke while nobody used it", async () => {
  const channel = new Channel(open);
  await channel.run(nothing);
  const [first] = opened;
  if (first) first.usable = false;
  await channel.run(nothing);
  expect(states()).toEqual([
    { usable: false, closed: 1 },
    { usable: true, closed: 0 },
  ]);
});

it("is closed for good, also while it is being opened", async () => {
  const channel = new Channel(open);
  const running = channel.run(nothing).catch(() => undefined);
  await channel.close();
  await running;
  expect(states()).toEqual([{ usable: false, closed: 1 }]);
  await expect(channel.run(nothing)).rejects.toThrow("closed");
});

it("can share one database with another, which the last one closes", async () => {
  const shared = shareDatabase(open);
  const [a, b] = [new Channel(shared), new Channel(shared)];
  await Promise.all([a.run(nothing), b.run(nothing)]);
  await a.close();
  expect(states()).toEqual([{ usable: true, closed: 0 }]);
  await b.close();
  expect(states()).toEqual([{ usable: false, closed: 1 }]);
});

it("has a shared one that broke closed before the next is opened, for both", async () => {
  const shared = shareDatabase(open);
  const [a, b] = [new Channel(shared), new Channel(shared)];
  await Promise.all([a.run(nothing), b.run(nothing)]);
  const [first] = opened;
  if (first) first.usable = false;
  await a.run(async () => {
    expect(states()).toEqual([
      { usable: false, closed: 1 },
      { usable: true, closed: 0 },
    ]);
  });
  await b.run(nothing);
  await Promise.all([a.close(), b.close()]);
  expect(opened).toHaveLength(2);
  expect(opened.every(({ usable }) => !usable)).toBe(true);
});
