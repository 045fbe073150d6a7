import { afterEach, expect, test, vi } from "vitest";
import type { LinkListener } from "./link.ts";
import { linkOpener } from "./open-link.ts";
import type { RecordingStart } from "./protocol.ts";
import { startThread } from "./thread-link.ts";

const start: RecordingStart = {
  options: {},
  readFromMs: 0,
  progress: new Int32Array(new SharedArrayBuffer(8)),
};
const listener = {
  onMessage: vi.fn<LinkListener["onMessage"]>(),
  onEnd: vi.fn<LinkListener["onEnd"]>(),
};
afterEach(() => {
  vi.clearAllMocks();
});

/** A thread of these statements. */
function program(statements: string): URL {
  const code = `import { parentPort, workerData } from "node:worker_threads"; ${statements}`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}
const READY = 'parentPort.postMessage({ kind: "ready" });';
const ECHO =
  'parentPort.on("message", ({ events }) => parentPort.postMessage({ kind: "remote", events }));';

test("a thread is given its start and messages, and is heard", async () => {
  const take = "Atomics.store(workerData.progress, 0, 7);";
  const link = await startThread(program(`${take} ${ECHO} ${READY}`), start, listener);
  expect(start.progress[0]).toBe(7);
  link.send({ kind: "events", events: [], masks: [], gaps: [] });
  await vi.waitFor(() =>
    expect(listener.onMessage.mock.calls).toEqual([[{ kind: "remote", events: [] }]]),
  );
  await link.end();
  expect(listener.onEnd).not.toHaveBeenCalled();
});

test.each([
  ["throws", 'throw new TypeError("secret")', "TypeError"],
  ["rejects", 'Promise.reject(new RangeError("secret"))', "RangeError"],
  ["exits", "process.exit(3)", "it ended with 3"],
])(
  "a thread that %s is told of, once and by the kind of its error",
  async (_how, work, reason) => {
    const fail = `parentPort.on("message", () => { ${work}; });`;
    const link = await startThread(program(`${fail} ${READY}`), start, listener);
    link.send({ kind: "ask", id: 1, name: "flushAuditLog", parameters: [] });
    await vi.waitFor(() => expect(listener.onEnd).toHaveBeenCalled(), 60_000);
    await link.end();
    expect(listener.onEnd.mock.calls).toEqual([[reason]]);
  },
  60_000,
);

test("where no thread can be started, events are recorded here, and it is said why", async () => {
  const warnOnce = vi.fn<(component: string, key: string, message: string) => void>();
  const missing = new URL("no-such-file.js", import.meta.url);
  const link = await linkOpener(() => missing, { warnOnce })(start, listener);
  expect(link.isThread).toBe(false);
  expect(warnOnce.mock.calls).toEqual([
    ["recorder", "start", expect.stringContaining("MODULE_NOT_FOUND)")],
  ]);
  await link.end();
});

test("where there is none to start, nothing is said", async () => {
  const warnOnce = vi.fn<() => void>();
  const link = await linkOpener(() => undefined, { warnOnce })(start, listener);
  expect([link.isThread, warnOnce.mock.calls]).toEqual([false, []]);
  await link.end();
});
