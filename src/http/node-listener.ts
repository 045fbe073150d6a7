import type { IncomingMessage, ServerResponse } from "node:http";
import { type Diagnostics, loadLater } from "../diagnostics/index.ts";
import { problem, PROBLEM_CONTENT_TYPE, problemText } from "./problem.ts";
import type { Answer, RequestOrigin } from "./request-origin.ts";
import { secured } from "./security-headers.ts";

/** Answers what `node:http` took in. Never throws. */
export type NodeListener = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  origin: RequestOrigin,
) => void;

/** From `node:http` to `Request` and back; loaded for the first request, as it is not needed to listen. */
export function createNodeListener(
  answer: Answer,
  diagnostics: Pick<Diagnostics, "warnOnce">,
): NodeListener {
  const adapter = loadLater(
    "server",
    async () => (await import("@hono/node-server")).getRequestListener,
    diagnostics,
  );
  return (incoming, outgoing, origin) => {
    const disconnect = () => void outgoing.destroy();
    void adapter()
      .then(
        (getRequestListener) =>
          getRequestListener((request) => answer(request, { ...origin, disconnect }), {
            // its own `Request` and `Response` must not replace those of the program around it
            overrideGlobalObjects: false,
            errorHandler: () => secured(problem("malformed-request")),
          })(incoming, outgoing),
        () => refuse(outgoing),
      )
      // nobody is left to tell
      .catch(disconnect);
  };
}

function refuse(outgoing: ServerResponse): void {
  outgoing.writeHead(500, { "content-type": PROBLEM_CONTENT_TYPE });
  outgoing.end(problemText("internal"));
}
