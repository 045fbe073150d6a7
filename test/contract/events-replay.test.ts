import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runCommand } from "../../src/cli/run-command.ts";
import { createDiagnostics } from "../../src/diagnostics/index.ts";
import { createEvent, type Event, serializeEvent } from "../../src/events/index.ts";
import { createEventStore } from "../../src/sinks/event-store/create-event-store.ts";
import { alert } from "../support/alert-event.ts";
import { STORE_OPTIONS } from "../support/event-store-options.ts";
import { plainAnswer } from "../support/llm-events.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let folder: string;
let store: string;
const events: readonly Event[] = [
  alert("first", 1_000, "s1"),
  call(2_000, "s1", 10),
  call(3_000, "s2", 20),
  call(4_000, "s1", 30),
  createEvent("agent_switched", { from: "a", to: "b", context: {} }, 5_000, { sessionId: "s1" }),
  alert("last", 6_000),
];

function call(timestamp: number, sessionId: string, inputTokens: number): Event {
  const context = { sessionId };
  const data = { ...plainAnswer, context, usage: { inputTokens, outputTokens: 5 } };
  return createEvent("llm_request_completed", data, timestamp, { sessionId });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rlm-replay-"));
  store = join(folder, "events");
  const sink = createEventStore({
    ...STORE_OPTIONS,
    store,
    diagnostics: createDiagnostics(),
  });
  for (const event of events) sink.handle(event);
  await sink.shutdown?.();
});
afterAll(() => rm(folder, { recursive: true }));

async function replay(...args: string[]) {
  const output = { stdout: "", stderr: "" };
  const code = await runCommand(["events", "replay", ...args], {
    stdout: { write: (text) => (output.stdout += text) },
    stderr: { write: (text) => (output.stderr += text) },
  });
  return { code, ...output };
}

const lines = (...indexes: number[]) =>
  indexes.map((index) => `${serializeEvent(events[index] as Event)}\n`).join("");

describe("rlm-obs events replay", () => {
  test("prints the events as they were, oldest first, and how to go on", async () => {
    const { code, stdout, stderr } = await replay("--store", store);
    expect(code).toBe(0);
    expect(stdout.split("\n").map(parsed)).toEqual(lines(0, 1, 2, 3, 4, 5).split("\n").map(parsed));
    expect(stderr).toBe("6 events replayed; --after 6 goes on from here\n");
  });

  test("narrows by what the flags say", async () => {
    const { stdout } = await replay(
      "--store",
      store,
      "--session",
      "s1",
      "--after",
      "1",
      "--limit",
      "2",
    );
    expect(stdout.split("\n").map(parsed)).toEqual(lines(1, 3).split("\n").map(parsed));
  });

  test("adds up what sessions have used, the same each time, from the variable's store", async () => {
    vi.stubEnv("RLM_EVENTS_STORE", store);
    const first = await replay("--to", "session-metrics");
    const second = await replay("--to", "session-metrics");
    vi.unstubAllEnvs();
    expect(second).toEqual(first);
    expect(first.code).toBe(0);
    const records = first.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(records).toMatchObject([
      { session_id: "s2", total_requests: 1, total_prompt_tokens: 20 },
      { session_id: "s1", total_requests: 2, total_prompt_tokens: 40, total_tokens: 50 },
    ]);
  });

  test("counts what agents did", async () => {
    const { stdout } = await replay("--store", store, "--to", "event-metrics");
    expect(JSON.parse(stdout)).toMatchObject({ metrics: { agent_switches: { a_to_b: 1 } } });
  });

  test("--help teaches", async () => {
    const { code, stdout } = await replay("--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: rlm-obs events replay/);
    expect(stdout).toContain("RLM_EVENTS_STORE");
    expect(stdout.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });

  test.each([
    [[], "no store: give --store, or set RLM_EVENTS_STORE"],
    [["--store", "mysql://u:secret@h/d"], "the store is not a folder, or the URL"],
    [["--store", "x", "--to", "nowhere"], "unknown target 'nowhere'"],
    [["--store", "x", "--type", "llm"], "unknown type 'llm'"],
    [["--store", "x", "--since", "yesterday"], "--since 'yesterday' is no time"],
    [["--store", "x", "--limit", "-1"], "--limit"],
    [["--store", "x", "--after", "1e3"], "--after '1e3' is no whole number"],
  ])("%j is a usage error", async (args, message) => {
    const { code, stdout, stderr } = await replay(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("secret");
  });

  test("makes no store where there is none", async () => {
    const empty = join(folder, "empty");
    const { code, stderr } = await replay("--store", empty);
    expect([code, stderr]).toEqual([
      1,
      `rlm-obs: There is no event store in the folder ${empty}.\n`,
    ]);
    expect(await readdir(folder)).not.toContain("empty");
  });

  test("says why a server can't be read, without the password", async () => {
    const { code, stderr } = await replay("--store", "postgres://u:secret@127.0.0.1:1/d");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^rlm-obs: The event store did not answer: .*ECONNREFUSED/);
    expect(stderr).not.toContain("secret");
  });
});

/** `jsonb` has an order of fields of its own. */
function parsed(line: string): unknown {
  return line === "" ? "" : (JSON.parse(line) as unknown);
}
