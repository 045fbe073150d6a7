import { describe, expect, it } from "vitest";
import { isAllowedHost } from "./host-guard.ts";

describe("a server on loopback", () => {
  it.each([
    "localhost",
    "localhost:9464",
    "127.0.0.1:9464",
    "127.8.8.8",
    "[::1]:9464",
    "LOCALHOST",
  ])("answers to %s", (host) => {
    expect(isAllowedHost(host, "127.0.0.1")).toBe(true);
  });

  it.each(["attacker.example", "localhost.attacker.example:9464", "127.0.0.1.nip.example", ""])(
    "refuses %s",
    (host) => {
      expect(isAllowedHost(host, "127.0.0.1")).toBe(false);
    },
  );
});

it("a server that was told to listen elsewhere answers to every name", () => {
  expect(isAllowedHost("host.docker.internal:9464", "0.0.0.0")).toBe(true);
  expect(isAllowedHost("metrics.example", "10.0.0.7")).toBe(true);
});
