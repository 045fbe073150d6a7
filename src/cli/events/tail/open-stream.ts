import { ObservabilityError } from "../../../errors/index.ts";

/** Of connecting, and of silence: the server sends a heartbeat every 15 seconds. */
const CONNECT_LIMIT_MS = 10_000;
const SILENCE_LIMIT_MS = 60_000;
/** Answers that may be others after a while. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

export interface StreamSource {
  readonly url: URL;
  readonly token: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
}

/**
 * Opens the event stream after `lastEventId`; it fails when nothing comes for a minute.
 * @throws STREAM_REFUSED for an answer that will be the same next time; any other error may pass
 */
export async function openStream(
  { url, token, fetch, signal }: StreamSource,
  lastEventId: string,
): Promise<AsyncIterable<Uint8Array>> {
  const controller = new AbortController();
  const giveUpAfter = (ms: number) =>
    setTimeout(() => controller.abort(new Error(`nothing came for ${ms / 1_000} s`)), ms);
  const connecting = giveUpAfter(CONNECT_LIMIT_MS);
  try {
    const response = await fetch(url, {
      headers: {
        accept: "text/event-stream",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(lastEventId !== "" && { "last-event-id": lastEventId }),
      },
      // a token is for this server alone
      redirect: "error",
      signal: AbortSignal.any([signal, controller.signal]),
    });
    return watched(bodyOf(response, url), () => giveUpAfter(SILENCE_LIMIT_MS));
  } finally {
    clearTimeout(connecting);
  }
}

async function* watched(
  body: AsyncIterable<Uint8Array>,
  startTimer: () => NodeJS.Timeout,
): AsyncGenerator<Uint8Array> {
  const silence = startTimer();
  try {
    for await (const chunk of body) {
      silence.refresh();
      yield chunk;
    }
  } finally {
    clearTimeout(silence);
  }
}

function bodyOf(response: Response, { origin, pathname }: URL): ReadableStream<Uint8Array> {
  const { status, body, headers } = response;
  const isStream = headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  if (response.ok && isStream && body) return body;
  // what it says does not matter, and its connection is given back
  body?.cancel().catch(() => {});
  if (PASSING.has(status)) throw new Error(`it answered ${status}`);
  const advice =
    status === 401 || status === 403
      ? "It asks for a token: set RLM_SERVER_TOKENS to one of its tokens."
      : "Is this the address of an application with its REST API? --url takes another one.";
  throw new ObservabilityError(
    "STREAM_REFUSED",
    `${origin}${pathname} answered ${status} and no event stream. ${advice}`,
  );
}
