import { expect, it, vi } from "vitest";
import { saying } from "../../../test/support/distribution-instance.ts";
import { createDiagnostics } from "../../diagnostics/index.ts";
import type { Event, Sink } from "../../events/index.ts";
import { createDistributionLater, type LoadDistribution } from "./distribution-later.ts";

const [first, second, third] = ["first", "second", "third"].map(saying) as [Event, Event, Event];

function start(load: LoadDistribution) {
  const written: string[] = [];
  const diagnostics = createDiagnostics({ write: (line) => void written.push(line) });
  const options = {
    url: "redis://127.0.0.1:1",
    prefix: "test:",
    maxLength: 10,
    maxQueueSize: 2,
    timeoutMs: 100,
    shutdownLimitMs: 100,
    publishRemote: () => {},
    diagnostics,
  };
  const lost = () =>
    [...diagnostics.counters.dropped.values()].map(({ reason, count }) => `${reason} ${count}`);
  return { sink: createDistributionLater(options, load), written, lost };
}

it("keeps events until it is loaded, in order and within their bound, and is then what was loaded", async () => {
  const seen: Event[] = [];
  const done: string[] = [];
  const loaded: Sink = {
    name: "redis",
    handle: (event) => void seen.push(event),
    health: () => ({ state: "ok" }),
    forceFlush: async () => void done.push("flush"),
    shutdown: async () => void done.push("shutdown"),
  };
  const createDistribution = vi.fn(() => loaded);
  const { sink, lost } = start(async () => ({ createDistribution }));
  for (const event of [first, second, third]) sink.handle(event);
  expect(sink.health?.()).toEqual({ state: "unknown" });
  await sink.forceFlush?.();
  sink.handle(third);
  await sink.shutdown?.();
  expect(createDistribution).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ prefix: "test:", startedAtMs: expect.any(Number) }),
  );
  expect({ seen, done, lost: lost(), health: sink.health?.() }).toEqual({
    seen: [first, second, third],
    done: ["flush", "shutdown"],
    lost: ["queue_full 1"],
    health: { state: "ok" },
  });
});

it("that can't be loaded is told of once, and each event counted", async () => {
  const { sink, written, lost } = start(() => Promise.reject(new Error("no such file")));
  sink.handle(first);
  await sink.forceFlush?.();
  sink.handle(second);
  await sink.shutdown?.();
  expect(written).toEqual(["[rlm-obs] redis: a part of it could not be loaded: no such file"]);
  expect(lost()).toEqual(["not_loaded 2"]);
  expect(sink.health?.()).toMatchObject({ state: "failing" });
});
