import { describe, expect, it } from "vitest";
import type { SinkHealth } from "../events/index.ts";
import { type HealthFacts, healthStatus } from "./health-status.ts";

const FACTS: HealthFacts = {
  stopped: false,
  activeSessions: 3,
  server: { state: "listening", url: "http://127.0.0.1:9464" },
  sinks: { log: { state: "ok" }, langfuse: { state: "disabled" } },
};

describe("health", () => {
  it("has every part in its own words", () => {
    expect(healthStatus(FACTS)).toEqual({
      status: "healthy",
      active_sessions: 3,
      prometheus: "serving",
      langfuse: "disabled",
      sinks: FACTS.sinks,
    });
  });

  it.each<[SinkHealth["state"], string, string]>([
    ["ok", "connected", "healthy"],
    ["disabled", "disabled", "healthy"],
    ["unknown", "unknown", "healthy"],
    ["failing", "failing", "degraded"],
  ])("with Langfuse %s says %s, and is %s", (state, langfuse, status) => {
    expect(healthStatus({ ...FACTS, sinks: { langfuse: { state } } })).toMatchObject({
      langfuse,
      status,
    });
  });

  it("without a word of Langfuse says it is disabled", () => {
    expect(healthStatus({ ...FACTS, sinks: {} }).langfuse).toBe("disabled");
  });

  it.each([
    ["disabled", "disabled", "healthy"],
    ["failed", "failed", "degraded"],
  ] as const)("with a server that is %s says so, and is %s", (state, prometheus, status) => {
    expect(healthStatus({ ...FACTS, server: { state } })).toMatchObject({ prometheus, status });
  });

  it("is stopped after shutdown, whatever else", () => {
    const sinks = { log: { state: "failing" } } as const;
    expect(healthStatus({ ...FACTS, sinks, stopped: true })).toMatchObject({
      status: "stopped",
      prometheus: "disabled",
    });
  });
});
