import type { CallStore, CallTracker, Operation, SdkRequest } from "../calls/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import type { LlmCallData } from "../events/index.ts";
import { Answer, type Safely } from "./answer.ts";
import { endingOf, errorTypeOf } from "./call-error.ts";
import { Endpoints, type Endpoint } from "./endpoints.ts";
import { setOwn } from "./own-property.ts";
import { ResponseTap } from "./response-tap.ts";
import { tapSettled } from "./tap-settled.ts";

export type Fetch = typeof globalThis.fetch;

/** Marks an observed `fetch`, for any copy of this package. */
const OBSERVED = Symbol.for("@rlm-toolkit/observability.observed");

export interface FetchObserverOptions {
  readonly store: CallStore;
  readonly tracker: CallTracker;
  readonly diagnostics: Diagnostics;
}

/** Makes observed versions of `fetch`. */
export class FetchObserver {
  readonly #options: FetchObserverOptions;
  readonly #endpoints = new Endpoints();
  readonly #responses = new ResponseTap();

  constructor(options: FetchObserverOptions) {
    this.#options = options;
  }

  /** A `fetch` that does what `original` does, and shows what flows by. */
  observe(original: Fetch, provider?: string): Fetch {
    if (isObserved(original)) return original;
    const observer = this;
    function fetch(this: unknown, ...args: Parameters<Fetch>): Promise<Response> {
      const send = (): Promise<Response> => Reflect.apply(original, this, args);
      const call = observer.#begin(args, provider);
      return call === undefined ? send() : observer.#send(send, call);
    }
    setOwn(fetch, OBSERVED, original);
    return fetch;
  }

  /** What is to be observed of this HTTP call; nothing that fails here may reach the caller. */
  #begin([input, init]: Parameters<Fetch>, provider: string | undefined): Call | undefined {
    const { store, tracker } = this.#options;
    if (store.observing || tracker.stopped) return undefined;
    try {
      const endpoint = this.#endpoints.find(methodOf(input, init), urlOf(input));
      if (endpoint === undefined) return undefined;
      const request = store.request;
      const operation = this.#operationOf(request, endpoint, init?.body, provider);
      if (operation === undefined) return undefined;
      operation.attemptSent();
      const signal = request ? request.signal : (init?.signal ?? signalOf(input));
      return { operation, endpoint, request, signal };
    } catch (error) {
      this.#notObserved(error);
      return undefined;
    }
  }

  #operationOf(
    request: SdkRequest | undefined,
    endpoint: Endpoint,
    body: unknown,
    provider: string | undefined,
  ): Operation | undefined {
    if (request?.operation?.ended === false) return request.operation;
    const { store, tracker } = this.#options;
    const parsed = parseBody(body);
    if (!endpoint.knownHost && endpoint.reader.recognizes?.(parsed) === false) return undefined;
    const operation = tracker.open(callData(endpoint, parsed, provider, store));
    if (request) request.operation = operation;
    return operation;
  }

  #send(send: () => Promise<Response>, call: Call): Promise<Response> {
    const { store } = this.#options;
    let sent: Promise<Response>;
    try {
      sent = call.operation.run(() => store.withObserving(send));
    } catch (error) {
      this.#failed(call, error);
      throw error;
    }
    // the type of `fetch` promises a promise; a test double may answer at once
    return tapSettled(sent as Promise<Response> | Response, {
      value: (response) => this.#answered(call, response),
      error: (error) => this.#failed(call, error),
    }) as Promise<Response>;
  }

  #answered({ operation, endpoint, request, signal }: Call, response: Response): void {
    try {
      operation.attemptAnswered(response.status);
      // an SDK request goes on after an error status: it may try again, and tells its end itself
      if (request !== undefined && !response.ok) return;
      const { reader } = endpoint;
      const safely = this.#safely;
      const answer = new Answer({ operation, reader, response, signal, safely });
      this.#responses.tap(response, answer);
    } catch (error) {
      this.#notObserved(error);
      this.#safely(() => operation.end({ outcome: "abandoned", errorType: "not_observed" }));
    }
  }

  #failed({ operation, request, signal }: Call, error: unknown): void {
    this.#safely(() => {
      operation.attemptFailed(errorTypeOf(error));
      if (request === undefined) operation.end(endingOf(error, signal));
    });
  }

  readonly #safely: Safely = (step) => {
    try {
      step();
    } catch (error) {
      this.#notObserved(error);
    }
  };

  #notObserved(error: unknown): void {
    const { diagnostics } = this.#options;
    diagnostics.warnOnce(
      "calls",
      "not observed",
      `a call could not be observed (${nameOf(error)})`,
    );
    diagnostics.dropped("calls", "not_observed", 1);
  }
}

interface Call {
  readonly operation: Operation;
  readonly endpoint: Endpoint;
  readonly request: SdkRequest | undefined;
  /** The caller's own. */
  readonly signal: AbortSignal | null | undefined;
}

/** True for a `fetch` that this package, or another copy of it, made. */
export function isObserved(fetch: object): boolean {
  return OBSERVED in fetch;
}

/** The `fetch` behind an observed one. */
export function originalOf(fetch: Fetch): Fetch {
  const original: unknown = Reflect.get(fetch, OBSERVED);
  return typeof original === "function" ? (original as Fetch) : fetch;
}

function callData(
  endpoint: Endpoint,
  body: unknown,
  provider: string | undefined,
  store: CallStore,
): LlmCallData {
  const request = endpoint.reader.readRequest(body, endpoint.pathname);
  return {
    provider: provider ?? endpoint.provider,
    model: request.model ?? "unknown",
    operation: request.operation,
    wireFormat: endpoint.reader.format,
    stream: request.stream,
    messagesCount: request.messagesCount,
    toolsCount: request.toolsCount,
    serverAddress: endpoint.host,
    serverPort: endpoint.port,
    parameters: request.parameters,
    context: store.context,
  };
}

/** A body that is no JSON text (a stream, a form) is left alone. */
function parseBody(body: unknown): unknown {
  if (body instanceof Uint8Array) return parseBody(Buffer.from(body).toString("utf8"));
  if (typeof body !== "string") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function signalOf(input: Parameters<Fetch>[0]): AbortSignal | undefined {
  return input instanceof Request ? input.signal : undefined;
}

function urlOf(input: Parameters<Fetch>[0]): string {
  if (typeof input === "string") return input;
  return input instanceof URL ? input.href : input.url;
}

function methodOf(input: Parameters<Fetch>[0], init: Parameters<Fetch>[1]): string {
  const method = init?.method ?? (input instanceof Request ? input.method : "GET");
  return method.toUpperCase();
}

/** The class of an error; its message may hold prompt text. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
