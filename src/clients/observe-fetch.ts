import { tapSettled } from "../taps/index.ts";
import { errorName } from "../errors/index.ts";
import {
  type CallStore,
  type CallTracker,
  type ContentPolicy,
  endingOf,
  errorTypeOf,
  type ObservedHttpCall,
  type Operation,
  type SdkRequest,
} from "../calls/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import { Answer, type AnswerOptions } from "./answer.ts";
import { askForUsage } from "./ask-for-usage.ts";
import { BackgroundResponses, type FetchedResponse } from "./background-responses.ts";
import { callData } from "./call-data.ts";
import type { Safely } from "./consumer.ts";
import { Endpoints, type Endpoint } from "./endpoints.ts";
import { messageOf, methodOf, parseBody, readBody, signalOf, urlOf } from "./fetch-arguments.ts";
import { hideUsageChunk } from "./hide-usage-chunk.ts";
import {
  type Fetch,
  isObserved,
  markOf,
  type ObservedMark,
  originalOf,
  setMark,
} from "./observed-mark.ts";
import type { NamedProviders } from "./provider-by-host.ts";
import type { RequestLinks } from "./request-links.ts";
import { ResponseTap } from "./response-tap.ts";
import { type NumberedMessage, numberedAttempt, RetryLedger } from "./retry-ledger.ts";
import { retryLimitMs } from "./retry-limit.ts";
import { isSameRequest } from "./same-request.ts";
import { UsageEstimator } from "./usage-estimator.ts";

export interface FetchObserverOptions {
  readonly store: CallStore;
  readonly tracker: CallTracker;
  readonly diagnostics: Diagnostics;
  /** What may be seen of prompts and answers; none unless content is captured. */
  readonly content?: ContentPolicy | undefined;
  /** Ask streams for their usage, and hide the chunk that tells it. Default false. */
  readonly includeUsage?: boolean;
  /** Estimate the usage of streams that tell none. Default false. */
  readonly estimateUsage?: boolean;
  /** Who answers at hosts that are not known. */
  readonly providers?: NamedProviders;
}

/** Whose `fetch` it is that is observed. */
export interface FetchSource {
  /** GenAI provider name; default by host. */
  readonly provider?: string | undefined;
  /** Streams are asked for their usage; default: as the observer does. */
  readonly includeUsage?: boolean | undefined;
  /** An SDK's client: it talks to a provider alone, whatever the host. */
  readonly ofClient?: boolean;
  /** Tell which request of the client an HTTP call belongs to; without them the async context does. */
  readonly links?: RequestLinks | undefined;
}

/** Makes observed versions of `fetch`. */
export class FetchObserver {
  readonly #options: FetchObserverOptions;
  readonly #endpoints: Endpoints;
  readonly #responses = new ResponseTap();
  readonly #estimator: UsageEstimator | undefined;
  readonly #retries = new RetryLedger();
  readonly #background: BackgroundResponses;
  readonly #lapsedRequests = new WeakMap<object, SdkRequest>();

  constructor(options: FetchObserverOptions) {
    this.#options = options;
    this.#endpoints = new Endpoints(options.providers);
    this.#background = new BackgroundResponses(options.tracker, options.store);
    if (options.estimateUsage === true) this.#estimator = new UsageEstimator();
  }

  /** A `fetch` that does what `original` does, and shows what flows by. */
  observe(original: Fetch, source: FetchSource = {}): Fetch {
    if (isObserved(original)) return original;
    const bare = originalOf(original);
    const observer = this;
    const { includeUsage = this.#options.includeUsage === true } = source;
    function fetch(this: unknown, ...args: Parameters<Fetch>): Promise<Response> {
      const send = (init = args[1]): Promise<Response> =>
        Reflect.apply(bare, this, init === args[1] ? args : [args[0], init]);
      const observed = (body: unknown): Promise<Response> => {
        const call = observer.#begin(args, body, source);
        if (call === undefined) return observer.#pass(send, args);
        return includeUsage ? observer.#sendAsking(send, call) : observer.#send(send, call);
      };
      const request = observer.#requestToRead(args);
      return request === undefined ? observed(args[1]?.body) : readBody(request).then(observed);
    }
    const mark: ObservedMark = {
      original: bare,
      observer: this,
      isLive: () => !this.#options.tracker.stopped,
    };
    setMark(fetch, mark);
    // whoever looks at it finds what it would have found
    for (const key of ["name", "length"] as const) {
      Object.defineProperty(fetch, key, { value: bare[key] });
    }
    return fetch;
  }

  /** The operation of a call that is known before, or without, being sent; `undefined`: not an LLM call we know. */
  open({ method, url, body, source }: UnsentCall): Operation | undefined {
    if (this.#options.tracker.stopped) return undefined;
    let operation: Operation | undefined;
    this.#safely(() => {
      const endpoint = this.#endpoints.find(method, url);
      if (endpoint) operation = this.#open(endpoint, body, source);
    });
    return operation;
  }

  /** `undefined` for a body that only looks like the format's, at a host that nobody knows. */
  #open(endpoint: Endpoint, body: unknown, source: FetchSource): Operation | undefined {
    const { store, tracker, content } = this.#options;
    const trusted = endpoint.knownHost || source.ofClient === true;
    if (!trusted && endpoint.reader.recognizes?.(body) === false) return undefined;
    const recorder = content?.record(endpoint.reader, body);
    const call = callData(endpoint, body, source.provider, store);
    const operation = tracker.open(call, store.activity, recorder);
    this.#estimator?.opened(operation, body);
    return operation;
  }

  /** True for a `fetch` that this very observer made. */
  owns(fetch: object): boolean {
    return markOf(fetch)?.observer === this;
  }

  /** A `Request` that holds the JSON of an LLM call; it can be read from a copy only, before it is sent. */
  #requestToRead(args: Parameters<Fetch>): Request | undefined {
    const [input, init] = args;
    if (!(input instanceof Request) || init?.body !== undefined || !this.#observes(args))
      return undefined;
    if (input.bodyUsed || !input.headers.get("content-type")?.includes("json")) return undefined;
    try {
      return this.#endpoints.find(methodOf(input, init), input.url) && input;
    } catch {
      // a method that is no text: `fetch` will say so
      return undefined;
    }
  }

  /** False for a call that is observed further out already, and after shutdown. */
  #observes(args: Parameters<Fetch>): boolean {
    const { store, tracker } = this.#options;
    if (tracker.stopped) return false;
    const outer = store.sending;
    return outer === undefined || !isSameRequest(outer, args);
  }

  /** What is to be observed of this HTTP call; nothing that fails here may reach the caller. */
  #begin(sent: Parameters<Fetch>, body: unknown, source: FetchSource): Call | undefined {
    const { store } = this.#options;
    try {
      if (!this.#observes(sent)) return undefined;
      const [input, init] = sent;
      const [method, url] = [methodOf(input, init), urlOf(input)];
      const endpoint = this.#endpoints.find(method, url);
      if (endpoint === undefined) return this.#countUnread(method, url, source);
      const request = source.links?.of(init) ?? store.request;
      const message = input instanceof Request ? messageOf(input, init, body) : init;
      const operation =
        (request ? undefined : this.#repeated(url, message)) ??
        this.#operationOf(request, endpoint, body, source);
      if (operation === undefined) return undefined;
      operation.attemptSent();
      const signal = request ? request.signal : (init?.signal ?? signalOf(input));
      return { operation, endpoint, request, signal, url, message, sent };
    } catch (error) {
      this.#notObserved(error);
      return undefined;
    }
  }

  /** The operation that this call is the next attempt of, as far as an SDK that nobody observes tells. */
  #repeated(url: string, message: NumberedMessage | undefined): Operation | undefined {
    if (this.#retries.size === 0) return undefined;
    const attempt = numberedAttempt(url, message, this.#options.store.context);
    return attempt && this.#retries.take(attempt);
  }

  #operationOf(
    request: SdkRequest | undefined,
    endpoint: Endpoint,
    body: unknown,
    source: FetchSource,
  ): Operation | undefined {
    if (request?.operation?.ended === false) return request.operation;
    const operation = this.#open(endpoint, parseBody(body), source);
    if (request && operation) request.operation = operation;
    return operation;
  }

  /** What a client or a known provider is asked for and no reader knows: no operation, but no secret either. */
  #countUnread(method: string, url: string, source: FetchSource): undefined {
    const { store, diagnostics } = this.#options;
    const unread = this.#endpoints.findUnread(method, url);
    // an observed `fetch` further out has counted it
    if (unread === undefined || store.accounted) return;
    const byHost = unread.provider ?? (source.ofClient === true ? "unknown" : undefined);
    const provider = byHost && (source.provider ?? byHost);
    if (provider !== undefined) diagnostics.unclassified(provider, unread.api);
  }

  /** Not observed here, and no blind spot either. */
  #pass(send: () => Promise<Response>, [input, init]: Parameters<Fetch>): Promise<Response> {
    const { store, tracker } = this.#options;
    if (store.accounted || tracker.stopped) return send();
    let fetched: FetchedResponse | undefined;
    if (this.#background.isUsed) {
      this.#safely(() => {
        fetched = this.#background.fetched(methodOf(input, init), urlOf(input));
      });
    }
    const sent = store.withPassing(send);
    fetched?.operation.attemptSent();
    return tapSettled<Response>(sent, {
      value: (response) => {
        store.left();
        if (fetched) this.#fetchedAnswered(fetched, response);
      },
      error: () => store.left(),
    }) as Promise<Response>;
  }

  /** Nothing that is reported, unless it tells the end of what was made in the background. */
  #fetchedAnswered({ operation, reader }: FetchedResponse, response: Response): void {
    this.#safely(() => {
      operation.attemptAnswered(response.status);
      const [safely, onOver] = [this.#safely, this.#responses.over];
      const signal = undefined;
      const answer = new Answer({ operation, reader, response, signal, safely, onOver });
      this.#responses.tap(response, answer);
    });
  }

  /** The same, with the question for usage in the request and its answer hidden. */
  #sendAsking(
    send: (init?: Parameters<Fetch>[1]) => Promise<Response>,
    call: Call,
  ): Promise<Response> {
    const [input, init] = call.sent;
    let asking: Parameters<Fetch>[1];
    this.#safely(() => {
      asking = askForUsage(call.endpoint.reader.format, init);
    });
    if (asking === undefined) return this.#send(send, call);
    const sent: Call["sent"] = [input, asking];
    return this.#send(() => send(asking), { ...call, sent, asksForUsage: true });
  }

  #send(send: () => Promise<Response>, call: Call): Promise<Response> {
    const { store } = this.#options;
    const httpCall: ObservedHttpCall = { sent: call.sent };
    let sent: Promise<Response>;
    try {
      sent = call.operation.run(() => store.withObserving(httpCall, send));
    } catch (error) {
      httpCall.sent = undefined;
      this.#failed(call, error);
      throw error;
    }
    // the type of `fetch` promises a promise; a test double may answer at once
    return tapSettled(sent as Promise<Response> | Response, {
      value: (response) => {
        store.left(httpCall);
        this.#answered(call, response);
        if (call.asksForUsage === true && response.ok) {
          this.#safely(() => hideUsageChunk(response));
        }
      },
      error: (error) => {
        store.left(httpCall);
        this.#failed(call, error);
      },
    }) as Promise<Response>;
  }

  #answered(call: Call, response: Response): void {
    const { operation, endpoint, request, signal } = call;
    try {
      // an SDK request goes on after an error status: it may try again, and tells its end itself
      if (request !== undefined && !response.ok) return operation.attemptRefused(response.status);
      operation.attemptAnswered(response.status);
      const plain = this.#estimator?.reading(operation, endpoint.reader) ?? endpoint.reader;
      const heard = operation.recorder?.reading(plain) ?? plain;
      const reader = this.#background.noting(operation, endpoint.reader, heard);
      const safely = this.#safely;
      const onLapse = this.#lapseOf(call, response);
      const onOver = this.#responses.over;
      const answer = new Answer({ operation, reader, response, signal, safely, onLapse, onOver });
      this.#responses.tap(response, answer);
    } catch (error) {
      this.#notObserved(error);
      this.#safely(() => operation.end({ outcome: "abandoned", errorType: "not_observed" }));
    }
  }

  #failed(call: Call, error: unknown): void {
    this.#safely(() => {
      const { operation, request, signal } = call;
      operation.attemptFailed(errorTypeOf(error));
      if (request !== undefined) return;
      const ending = endingOf(error, signal);
      const lapse = this.#expectRetry(call);
      if (lapse) lapse(ending);
      else operation.end(ending);
    });
  }

  /** What is to be done when the answer comes to nothing, in a way that an SDK repeats by itself. */
  #lapseOf(call: Call, response: Response): AnswerOptions["onLapse"] {
    const { operation, request } = call;
    if (!response.ok) return this.#expectRetry(call, response.headers);
    if (request?.options === undefined) return undefined;
    const { options, retriesLeft } = request;
    // the SDK has given the answer out: its retry comes from outside of the request's scope
    return (ending) => {
      if (retriesLeft === 0) return operation.end(ending);
      this.#lapsedRequests.set(options, request);
      this.#options.tracker.lapse(operation, {
        ending,
        limitMs: retryLimitMs(operation.attemptNumber - 1),
      });
    };
  }

  /** `undefined` where nobody can tell a retry from a new call. */
  #expectRetry({ operation, url, message }: Call, headers?: Headers): AnswerOptions["onLapse"] {
    const { store, tracker } = this.#options;
    const attempt = numberedAttempt(url, message, store.context);
    if (attempt === undefined) return undefined;
    const limitMs = retryLimitMs(attempt.retryCount, headers);
    this.#retries.expect(attempt, operation, limitMs);
    return (ending, response) => tracker.lapse(operation, { ending, response, limitMs });
  }

  /** The request with the SDK's `options` whose answer came to nothing after it was given out. */
  lapsedRequest(options: object): SdkRequest | undefined {
    return this.#lapsedRequests.get(options);
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
      `a call could not be observed (${errorName(error)})`,
    );
    diagnostics.dropped("calls", "not_observed", 1);
  }
}

export interface UnsentCall {
  readonly method: string;
  readonly url: string;
  /** Parsed. */
  readonly body: unknown;
  readonly source: FetchSource;
}

interface Call {
  readonly operation: Operation;
  readonly endpoint: Endpoint;
  readonly request: SdkRequest | undefined;
  /** The caller's own. */
  readonly signal: AbortSignal | null | undefined;
  readonly url: string;
  /** As it came from the application. */
  readonly message: NumberedMessage | undefined;
  /** As it goes on. */
  readonly sent: Parameters<Fetch>;
  /** Not the application: we ask. */
  readonly asksForUsage?: true;
}
