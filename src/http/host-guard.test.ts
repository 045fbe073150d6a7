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
    "localhost.:9464",
    "127.1",
    "127.1:9464",
    "[::ffff:127.0.0.1]:9464",
    "[0:0:0:0:0:0:0:1]",
  ])("answers to %s", (host) => {
    expect(isAllowedHost(host, "127.0.0.1")).toBe(true);
  });

  it.each([
    "attacker.example",
    "localhost.attacker.example:9464",
    "127.0.0.1.nip.example",
    "",
    "a@127.0.0.1",
    "[::ffff:8.8.8.8]",
    "8.8.8.8",
    ":::",
  ])("refuses %s", (host) => {
    expect(isAllowedHost(host, "127.0.0.1")).toBe(false);
  });
});

it.each(["127.1", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "[::1]", "LocalHost", "127.0.0.9"])(
  "a server that listens on %s is one on loopback",
  (listenHost) => {
    expect(isAllowedHost("localhost:9464", listenHost)).toBe(true);
    expect(isAllowedHost(null, listenHost)).toBe(true);
    expect(isAllowedHost("attacker.example", listenHost)).toBe(false);
  },
);

it("a server that was told to listen elsewhere answers to every name", () => {
  expect(isAllowedHost("host.docker.internal:9464", "0.0.0.0")).toBe(true);
  expect(isAllowedHost("metrics.example", "10.0.0.7")).toBe(true);
});
