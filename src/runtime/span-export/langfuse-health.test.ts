import { expect, test, vi } from "vitest";
import type { SinkHealth } from "../../events/index.ts";
import { createLangfuseHealth } from "./langfuse-health.ts";

test("before the first export the probe's answer counts, asked at most every 30 s", async () => {
  let now = 1_000_000;
  const probe = vi.fn<() => Promise<SinkHealth>>(async () => ({ state: "ok" }));
  const health = createLangfuseHealth({
    exports: () => ({ state: "unknown" }),
    probe,
    now: () => now,
  });

  expect(health.health()).toEqual({ state: "unknown" });
  await Promise.all([health.probe(), health.probe()]);
  expect(health.health()).toEqual({ state: "ok" });
  expect(probe).toHaveBeenCalledTimes(1);

  now += 30_000;
  await health.probe();
  expect(probe).toHaveBeenCalledTimes(2);
});

test("after an export its word counts, and nobody asks any more", async () => {
  const probe = vi.fn<() => Promise<SinkHealth>>(async () => ({ state: "ok" }));
  const failing: SinkHealth = { state: "failing", lastError: "HTTP 500" };
  const health = createLangfuseHealth({ exports: () => failing, probe });

  await health.probe();

  expect(health.health()).toBe(failing);
  expect(probe).not.toHaveBeenCalled();
});
