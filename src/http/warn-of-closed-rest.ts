import type { ResolvedConfig } from "../config/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import { isLoopbackHost } from "./host-guard.ts";

/** Says at the start, and not to the first caller alone, that the REST API can't be used as things are. */
export function warnOfClosedRest(
  { enabled, host, tokens }: ResolvedConfig["server"],
  diagnostics: Pick<Diagnostics, "warnOnce">,
): void {
  if (!enabled || tokens !== undefined || isLoopbackHost(host)) return;
  diagnostics.warnOnce(
    "server",
    "no_tokens",
    `it listens on ${host} and has no tokens, so /metrics is served and the REST API is closed; ` +
      "set RLM_SERVER_TOKENS (server.tokens) to open it.",
  );
}
