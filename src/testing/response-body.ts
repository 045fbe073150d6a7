import type { Sleep } from "./sleep.ts";

/** How the sending of a response ended. */
export type Delivery = "sent" | "cut" | "client_gone";

export interface ResponseBodyOptions {
  readonly pieces: readonly string[];
  /** Breaks the connection after so many pieces; default never. */
  readonly cutAfter?: number | undefined;
  /** Before each piece. */
  readonly delayMs: number;
  readonly sleep: Sleep;
  /** Of the request: the client's wish to stop. */
  readonly signal: AbortSignal;
  readonly onEnd: (delivery: Delivery) => void;
}

/** What Node's `fetch` throws when the connection breaks in the middle of a body. */
export class ConnectionCut extends TypeError {
  constructor() {
    super("terminated", { cause: { code: "UND_ERR_SOCKET", message: "other side closed" } });
  }
}

/** A body that is sent piece by piece, no faster than the client reads it. */
export function responseBody(options: ResponseBodyOptions): ReadableStream<Uint8Array> {
  const { pieces, cutAfter = Infinity, delayMs, sleep, signal } = options;
  const encoder = new TextEncoder();
  const gone = new AbortController();
  let sent = 0;
  let stopListening = () => {};
  const end = (delivery: Delivery) => {
    stopListening();
    options.onEnd(delivery);
  };

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const abort = () => {
          end("client_gone");
          controller.error(signal.reason);
          gone.abort(signal.reason);
        };
        if (signal.aborted) return abort();
        signal.addEventListener("abort", abort, { once: true });
        stopListening = () => signal.removeEventListener("abort", abort);
      },
      async pull(controller) {
        const piece = pieces[sent];
        if (sent >= cutAfter) {
          end("cut");
          throw new ConnectionCut();
        }
        if (piece === undefined) {
          end("sent");
          return controller.close();
        }
        if (delayMs > 0) await sleep(delayMs, gone.signal);
        // an injected sleep need not notice that the client has gone
        if (gone.signal.aborted) return;
        sent += 1;
        controller.enqueue(encoder.encode(piece));
      },
      cancel() {
        end("client_gone");
        gone.abort();
      },
    },
    // nothing is made ahead of the reader, so a cut falls exactly where the plan says
    { highWaterMark: 0 },
  );
}
