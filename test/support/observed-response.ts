import { observedClients } from "./observed-clients.ts";
import { poll } from "./poll.ts";

export const CHAT_URL = "https://api.openai.com/v1/chat/completions";

export const CHAT_REQUEST: RequestInit = {
  method: "POST",
  body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "Hi" }] }),
};

export const JSON_TEXT = JSON.stringify({
  id: "chatcmpl-1",
  model: "gpt-4o-2024-08-06",
  choices: [{ index: 0, message: { content: "Grüße" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 10, completion_tokens: 5 },
});

export const SSE_TEXT = [
  { id: "chatcmpl-1", choices: [{ index: 0, delta: { content: "Grüße" } }] },
  { id: "chatcmpl-1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  { id: "chatcmpl-1", choices: [], usage: { prompt_tokens: 10, completion_tokens: 5 } },
]
  .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
  .concat("data: [DONE]\n\n")
  .join("");

export const USAGE = { inputTokens: 10, outputTokens: 5 };

/** What a body was asked for by whoever reads it. */
export interface Source {
  readonly body: ReadableStream<Uint8Array>;
  pulls: number;
  cancelledWith: unknown;
}

export interface SourceOptions {
  readonly pieces?: number;
  /** Fails with this after so many pieces. */
  readonly failure?: { readonly after: number; readonly error: unknown };
  readonly type?: "bytes";
}

interface Controller {
  readonly byobRequest?: { respond(bytes: number): void } | null;
  enqueue(chunk: Uint8Array): void;
  close(): void;
}

/** A body of `text` in pieces, each made when it is asked for and not before. */
export function sourceOf(text: string, options: SourceOptions = {}): Source {
  const { pieces = 4, failure, type } = options;
  const bytes = Buffer.from(text);
  const size = Math.ceil(bytes.length / pieces);
  let at = 0;
  const pull = async (controller: Controller) => {
    source.pulls += 1;
    await Promise.resolve();
    if (failure && at === failure.after * size) throw failure.error;
    if (at >= bytes.length) {
      controller.close();
      controller.byobRequest?.respond(0);
      return;
    }
    controller.enqueue(new Uint8Array(bytes.subarray(at, at + size)));
    at += size;
  };
  const cancel = (reason: unknown) => void (source.cancelledWith = reason);
  const source: Source = {
    body:
      type === "bytes"
        ? new ReadableStream({ type, pull, cancel }, { highWaterMark: 0 })
        : new ReadableStream({ pull, cancel }, { highWaterMark: 0 }),
    pulls: 0,
    cancelledWith: undefined,
  };
  return source;
}

export function responseOf(
  body: string | ReadableStream<Uint8Array> | null,
  contentType = "application/json",
  status = 200,
) {
  return new Response(body, { status, headers: { "content-type": contentType } });
}

/** The response as a caller of an observed `fetch` gets it, and how its operation ended. */
export async function observedResponse(given: Response, init: RequestInit = CHAT_REQUEST) {
  const observed = observedClients();
  const response = await observed.fetches.observe(async () => given)(CHAT_URL, init);
  const end = async () => {
    await poll("an end", () => observed.ended().length > 0);
    const [event, ...more] = observed.ended();
    if (event === undefined || more.length > 0) throw new Error("more than one end");
    return event.data;
  };
  return { ...observed, response, end };
}
