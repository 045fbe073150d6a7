import type { Plan } from "./behaviour.ts";
import { readChatRequest } from "./chat-request.ts";
import { type ListeningHandler, type ListenOptions, listen } from "./listen.ts";
import { type RecordedRequest, RequestLog } from "./request-log.ts";
import { errorResponse, respond } from "./responses.ts";
import { type Sleep, sleepRealTime } from "./sleep.ts";

const DEFAULT_MODELS = ["gpt-4o", "gpt-4o-mini", "o4-mini"];

export interface SimulatedProviderOptions {
  /** What to do with each chat request; see {@link scriptedPlan} and {@link randomPlan}. */
  readonly plan: Plan;
  /** What `GET /v1/models` lists; any model is answered. Default three of OpenAI's. */
  readonly models?: readonly string[];
  /** Requests that `requests` holds at the most; default 1,000. */
  readonly maxRecordedRequests?: number;
  /** Default real time. */
  readonly sleep?: Sleep;
  /** Unix epoch in milliseconds, for `created`; default `Date.now`. */
  readonly now?: () => number;
}

/**
 * An OpenAI-compatible provider for tests and demos: chat completions, plain and streamed, and the list of models.
 * It needs no network: `handle` and `fetch` work in process, `listen` puts it behind a real socket.
 */
export interface SimulatedProvider {
  /** Answers one request. Rejects with the signal's reason when the client goes away before the headers. */
  readonly handle: (request: Request) => Promise<Response>;
  /** The provider as a `fetch`: `new OpenAI({ fetch: provider.fetch, apiKey: "any" })`. */
  readonly fetch: typeof globalThis.fetch;
  /** Serves on a socket; the `url` to give to an SDK is that of the result plus `/v1`. */
  listen(options?: ListenOptions): Promise<ListeningHandler>;
  /** The latest chat requests, oldest first; bounded by `maxRecordedRequests`. */
  readonly requests: readonly RecordedRequest[];
  /** Chat requests since the start. */
  readonly requestCount: number;
}

/** Makes a {@link SimulatedProvider}. Without a socket it holds no resource and needs no clean-up. */
export function createSimulatedProvider(options: SimulatedProviderOptions): SimulatedProvider {
  const { plan, models = DEFAULT_MODELS, sleep = sleepRealTime, now = Date.now } = options;
  const log = new RequestLog(options.maxRecordedRequests ?? 1000);
  let requestCount = 0;

  async function chat(httpRequest: Request, signal: AbortSignal): Promise<Response> {
    const request = await readChatRequest(httpRequest);
    if ("problem" in request) {
      const { problem: message, param } = request;
      return errorResponse(400, { message, param }, { "x-request-id": "req_sim_invalid" });
    }
    const index = requestCount++;
    const number = String(index).padStart(6, "0");
    const requestId = `req_sim_${number}`;
    const behaviour = plan(request, index);
    const onEnd = log.add({ index, requestId, request, behaviour });
    const created = Math.floor(now() / 1000);
    const exchange = {
      request,
      requestId,
      id: `chatcmpl-${number}`,
      created,
      signal,
      sleep,
      onEnd,
    };
    try {
      return await respond(behaviour, exchange);
    } catch (error) {
      onEnd("client_gone");
      throw error;
    }
  }

  async function route(request: Request, signal: AbortSignal): Promise<Response> {
    const { pathname } = new URL(request.url);
    const name = `${request.method} ${pathname}`;
    if (name === "POST /v1/chat/completions") return chat(request, signal);
    if (name === "GET /v1/models") return Response.json(modelList(models));
    const message = `Invalid URL (${name})`;
    return errorResponse(404, { message, code: null }, {});
  }

  const handle = (request: Request) => route(request, request.signal);

  return {
    handle,
    // the caller's own signal: a `Request`'s copy of it may be collected, and then never fires
    fetch(input, init) {
      const request = new Request(input, init);
      return route(request, init?.signal ?? request.signal);
    },
    listen: (listenOptions) => listen(handle, listenOptions),
    get requests() {
      return log.entries;
    },
    get requestCount() {
      return requestCount;
    },
  };
}

function modelList(models: readonly string[]) {
  const data = models.map((id) => ({ id, object: "model", created: 0, owned_by: "simulated" }));
  return { object: "list", data };
}
