import type { IncomingMessage, ServerResponse } from "node:http";
import type { Diagnostics } from "../diagnostics/index.ts";
import type { FastifyLikeReply, FastifyLikeRequest, NodeHandler } from "../runtime/node-handler.ts";
import { createNodeListener } from "./node-listener.ts";
import { methodsOf } from "./paths.ts";
import type { Answer, Mount } from "./request-origin.ts";

/** What Express adds to a request. */
interface ExpressLike {
  readonly baseUrl?: unknown;
  readonly ip?: unknown;
}

/** Mounts `answer` in a server of the application. */
export function createNodeHandler(answer: Answer, diagnostics: Diagnostics): NodeHandler {
  const listen = createNodeListener(answer, diagnostics);

  return (
    request: IncomingMessage | FastifyLikeRequest,
    response: ServerResponse | FastifyLikeReply,
    next?: (error?: unknown) => void,
  ) => {
    if ("raw" in request && "raw" in response) {
      response.hijack();
      const client = request.ip ?? request.raw.socket.remoteAddress;
      return listen(request.raw, response.raw, {
        via: "mount",
        client,
        mount: routeMount(request),
      });
    }
    // the two overloads: none has one of each
    const incoming = request as IncomingMessage & ExpressLike;
    const mount = { path: textOr(incoming.baseUrl, ""), stripped: true };
    if (next && !isOurs(incoming, mount)) return next();
    const client = textOr(incoming.ip, incoming.socket.remoteAddress);
    const isExpress = typeof incoming.baseUrl === "string";
    return listen(incoming, response as ServerResponse, {
      via: "mount",
      client,
      ...(isExpress && { mount }),
    });
  };
}

/** The index page is ours below a path of our own; at the root of an application it is the application's. */
function isOurs({ url = "/" }: IncomingMessage, mount: Mount): boolean {
  const [path = ""] = url.split("?");
  return methodsOf(path) !== undefined && (path !== "/" || mount.path !== "");
}

/** `/observability/*` → `/observability`; a path with parameters tells nothing. */
function routeMount({ routeOptions }: FastifyLikeRequest): Mount {
  const [, path = ""] = /^([^:*]*?)\/?\*$/.exec(routeOptions?.url ?? "") ?? [];
  return { path, stripped: false };
}

function textOr<T>(value: unknown, fallback: T): string | T {
  return typeof value === "string" ? value : fallback;
}
