import type { ResolvedConfig } from "../../config/index.ts";
import { problem } from "../problem.ts";
import type { RequestOrigin } from "../request-origin.ts";
import { createTokenCheck, presentedTokens } from "./tokens.ts";

export type AccessOptions = Pick<ResolvedConfig["server"], "tokens" | "allowUnauthenticatedMount">;

/** `closed`: no token would help, none is configured. */
export type Access = "granted" | "unauthorized" | "closed" | "cross-site";

export type AccessPolicy = (headers: Headers, via: RequestOrigin["via"]) => Access;

/**
 * Who may read more than the metrics. With tokens: who has one, wherever the server listens. Without: everybody on
 * loopback, nobody elsewhere, and where the routes are mounted, nobody unless the application says that it asks itself.
 */
export function createAccessPolicy(options: AccessOptions): AccessPolicy {
  const { tokens } = options;
  if (tokens === undefined) return (headers, via) => withoutTokens(headers, via, options);
  if (tokens.length === 0) return () => "closed";
  const isKnown = createTokenCheck(tokens);
  return (headers) => (presentedTokens(headers).some(isKnown) ? "granted" : "unauthorized");
}

function withoutTokens(
  headers: Headers,
  via: RequestOrigin["via"],
  { allowUnauthenticatedMount }: AccessOptions,
): Access {
  if (via === "mount") return allowUnauthenticatedMount ? "granted" : "closed";
  if (via === "network") return "closed";
  // what a browser says of a page: one of the internet needs no answer to do harm by asking
  return headers.get("sec-fetch-site") === "cross-site" ? "cross-site" : "granted";
}

const HOW_TO_OPEN = {
  loopback:
    "No token can be valid: the list server.tokens (RLM_SERVER_TOKENS) is empty or can't be read.",
  network:
    "The server listens beyond loopback and has no valid tokens: set server.tokens (RLM_SERVER_TOKENS), " +
    "or listen on 127.0.0.1.",
  mount:
    "No valid tokens are set: set server.tokens (RLM_SERVER_TOKENS), or, if the server around this one says who may " +
    "come in, server.allowUnauthenticatedMount.",
} as const satisfies Record<RequestOrigin["via"], string>;

/** The answer to who may not read; `undefined` to who may. */
export function refusal(access: Access, via: RequestOrigin["via"]): Response | undefined {
  switch (access) {
    case "granted":
      return undefined;
    case "closed":
      return problem("closed", { detail: HOW_TO_OPEN[via] });
    case "cross-site":
      return problem("cross-site");
    case "unauthorized":
      return problem("unauthorized", {
        detail: "Send a token as `x-internal-auth: <token>` or `Authorization: Bearer <token>`.",
        headers: { "www-authenticate": 'Bearer realm="rlm-obs"' },
      });
  }
}
