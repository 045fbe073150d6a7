import { afterEach, beforeEach, expect, it } from "vitest";
import { parseTailFlags } from "../../src/cli/events/tail/tail-flags.ts";
import { tailEvents } from "../../src/cli/events/tail/tail-events.ts";
import { createObservability, type Observability } from "../../src/index.ts";
import { sleepRealTime } from "../../src/testing/sleep.ts";
import { poll } from "../support/poll.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

const TOKEN = "a-token-for-the-tests";

let obs: Observability;
/** What is between the two, so that it can be cut. */
let proxy: TcpProxy;

function start(port: number): Observability {
  return createObservability({ server: { port, tokens: [TOKEN] }, log: { destination: "off" } });
}

async function portOf({ ready }: Observability): Promise<number> {
  const { url = "" } = await ready();
  return Number(new URL(url).port);
}

beforeEach(async () => {
  obs = start(0);
  proxy = await startTcpProxy(await portOf(obs));
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  await obs.shutdown();
});

function tail(...args: string[]) {
  const flags = parseTailFlags(["--url", `http://127.0.0.1:${proxy.port}`, "--json", ...args]);
  if (flags === "help") throw new Error("no help asked for");
  const stopped = new AbortController();
  const seen = { stdout: "", stderr: "" };
  const done = tailEvents(flags, {
    stdout: { write: (text) => (seen.stdout += text) },
    stderr: { write: (text) => (seen.stderr += text) },
    signal: stopped.signal,
    fetch: globalThis.fetch,
    // the server asks for three seconds
    sleep: (ms, signal) => sleepRealTime(ms / 100, signal),
    token: TOKEN,
  });
  const names = () =>
    seen.stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { data: { name: string } }).data.name);
  const arrived = (name: string) => poll(`alert ${name}`, () => names().includes(name));
  return { seen, names, arrived, done, stop: () => stopped.abort() };
}

const raise = (name: string) => obs.alert({ name, severity: "info", message: "" });

it("shows each event once, in order, however often the connection is cut", async () => {
  const { names, arrived, done, stop, seen } = tail("--type", "system_alert");
  const probing = setInterval(() => raise("first"), 20);
  await arrived("first");
  clearInterval(probing);
  const expected: string[] = [];
  for (let round = 0; round < 5; round += 1) {
    proxy.cut();
    for (let index = 0; index < 20; index += 1) {
      raise(`${round}.${index}`);
      expected.push(`${round}.${index}`);
      // in every other round all of them are missed, and asked for by the next connection
      if (round % 2 === 1) await arrived(`${round}.${index}`);
    }
    await arrived(`${round}.19`);
  }
  stop();
  await done;
  expect(names().filter((name) => name !== "first")).toEqual(expected);
  expect(seen.stderr.match(/connection lost/g)?.length).toBeGreaterThanOrEqual(5);
  expect(seen.stderr).not.toContain("missing");
});

it("goes on with an application that was started again, and says that something may be missing", async () => {
  const { arrived, done, seen } = tail("--type", "system_alert", "--count", "2");
  const probing = setInterval(() => raise("before"), 500);
  raise("before");
  await arrived("before");
  clearInterval(probing);
  const port = await portOf(obs);
  await obs.shutdown();
  obs = start(port);
  const again = setInterval(() => raise("after"), 20);
  await done;
  clearInterval(again);
  expect(seen.stderr).toContain("events may be missing here (unknown_last_event_id)");
});

it("is refused without a token, and says what to do", async () => {
  const flags = parseTailFlags(["--url", `http://127.0.0.1:${proxy.port}`]);
  if (flags === "help") throw new Error("no help asked for");
  const nowhere = { write: () => {} };
  await expect(
    tailEvents(flags, {
      stdout: nowhere,
      stderr: nowhere,
      signal: new AbortController().signal,
      fetch: globalThis.fetch,
      sleep: sleepRealTime,
      token: undefined,
    }),
  ).rejects.toMatchObject({
    code: "STREAM_REFUSED",
    message: expect.stringContaining("answered 401 and no event stream. It asks for a token"),
  });
});
