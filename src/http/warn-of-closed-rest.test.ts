import { expect, it } from "vitest";
import { resolveConfig } from "../config/index.ts";
import type { ServerOptions } from "../config/options.ts";
import { warnOfClosedRest } from "./warn-of-closed-rest.ts";

function warningsFor(server: ServerOptions): string[] {
  const warnings: string[] = [];
  warnOfClosedRest(resolveConfig({ server }, {}).config.server, {
    warnOnce: (component, _key, message) => warnings.push(`${component}: ${message}`),
  });
  return warnings;
}

it("says what to set where the server is bound beyond loopback", () => {
  expect(warningsFor({ host: "0.0.0.0" })).toEqual([
    "server: it listens on 0.0.0.0 and has no tokens, so /metrics is served and the REST API is closed; " +
      "set RLM_SERVER_TOKENS (server.tokens) to open it.",
  ]);
});

it.each<ServerOptions>([
  {},
  { host: "localhost" },
  { host: "[::1]" },
  { host: "0.0.0.0", enabled: false },
  { host: "0.0.0.0", tokens: ["a-token-of-16-chars"] },
])("says nothing of %j", (server) => {
  expect(warningsFor(server)).toEqual([]);
});
