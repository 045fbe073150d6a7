import type { ServerResponse } from "node:http";
import { createAdaptorServer } from "@hono/node-server";

export interface ListenOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
}

/** A fetch handler behind a socket. */
export interface ListeningHandler {
  /** Such as `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and breaks every connection that is still open. Idempotent. */
  readonly close: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

type Handler = (request: Request) => Promise<Response>;

/** Serves `handler` over HTTP. A body that fails breaks the connection, as a provider that dies does. */
export async function listen(
  handler: Handler,
  { host = "127.0.0.1", port = 0 }: ListenOptions = {},
): Promise<ListeningHandler> {
  const server = createAdaptorServer({
    fetch: async (request, { outgoing }) => {
      const response = await handler(request).catch(() => new Response(null, { status: 500 }));
      // HTTP/2 is not served, so `outgoing` is what node:http made
      return breakConnectionOnError(response, outgoing as ServerResponse);
    },
    hostname: host,
    // its own `Request` and `Response` must not replace those of the program around it
    overrideGlobalObjects: false,
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ("closeAllConnections" in server) server.closeAllConnections();
    });
  const hostInUrl = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${hostInUrl}:${address.port}`,
    port: address.port,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function breakConnectionOnError(response: Response, outgoing: ServerResponse): Response {
  if (!response.body) return response;
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch {
          // ends the body neither well nor with an error, which the adapter would print
          breakOnceHeadersAreSent(outgoing);
          await new Promise(() => {});
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, response);
}

function breakOnceHeadersAreSent(outgoing: ServerResponse): void {
  if (outgoing.destroyed) return;
  if (!outgoing.headersSent) {
    setImmediate(() => breakOnceHeadersAreSent(outgoing));
    return;
  }
  // a turn later, what was written before has left
  setImmediate(() => outgoing.destroy());
}
