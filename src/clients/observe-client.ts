import { invoke, methodOf, setOwn, tapSettled } from "../taps/index.ts";
import { type CallStore, endingOf, type SdkRequest } from "../calls/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import { ObservabilityError } from "../errors/index.ts";
import { asObject } from "../wire/index.ts";
import type { FetchObserver, FetchSource } from "./observe-fetch.ts";
import { isObserved, originalOf, type Fetch } from "./observed-mark.ts";
import { handsObjectsOn, RequestLinks } from "./request-links.ts";

const OTHER =
  "a client is observed by another createObservability() already, which keeps it; shut that one down first.";

type ClientTraits = Omit<FetchSource, "ofClient" | "links">;

/** Puts the observed `fetch` into SDK clients, and one operation around each of their requests. */
export class ClientObserver {
  readonly #fetchObserver: FetchObserver;
  readonly #store: CallStore;
  readonly #diagnostics: Diagnostics;
  readonly #undo = new WeakMap<object, () => void>();

  constructor(fetchObserver: FetchObserver, store: CallStore, diagnostics: Diagnostics) {
    this.#fetchObserver = fetchObserver;
    this.#store = store;
    this.#diagnostics = diagnostics;
  }

  /** Returns the same object. @throws CLIENT_NOT_OBSERVABLE if it has no `fetch`. */
  observe<T extends object>(client: T, traits: ClientTraits = {}): T {
    if (!isObservable(client)) throw notObservable(client);
    if (this.#undo.has(client)) return client;
    const fetch = methodOf(client, "fetch") as Fetch;
    const links = handsObjectsOn(client) ? new RequestLinks() : undefined;
    const source: FetchSource = { ...traits, ofClient: true, links };
    const restoreFetch = this.#replaceFetch(client, fetch, source);
    const restoreRequests = this.#groupAttempts(client, source);
    const restoreLinks = links ? linkHttpCalls(client, links) : () => {};
    const restoreCopies = this.#observeCopies(client, traits);
    this.#undo.set(client, () => {
      restoreFetch();
      restoreRequests();
      restoreLinks();
      restoreCopies();
    });
    return client;
  }

  unobserve<T extends object>(client: T): T {
    this.#undo.get(client)?.();
    this.#undo.delete(client);
    return client;
  }

  #replaceFetch(client: object, fetch: Fetch, source: FetchSource): () => void {
    // behind the global one is the observer of the process (see `register`): a client has an observer of its own
    if (!isObserved(fetch) || (fetch === globalThis.fetch && !this.#fetchObserver.owns(fetch))) {
      return override(client, "fetch", this.#fetchObserver.observe(originalOf(fetch), source));
    }
    if (!this.#fetchObserver.owns(fetch)) this.#diagnostics.warnOnce("observe", "other", OTHER);
    return () => {};
  }

  /**
   * The SDK's own retries belong to one operation. `makeRequest` gets a promise of the whole request, retries included;
   * a retry calls it again, with the number that remain. Where a client has no such method, what the HTTP calls say of
   * themselves has to do.
   */
  #groupAttempts(client: object, source: FetchSource): () => void {
    const makeRequest = methodOf(client, "makeRequest");
    if (makeRequest === undefined) return () => {};
    // `openai` 7 goes on to watch the body, and may try again after it has given the answer out
    const watchesBodies = methodOf(client, "parseResponseWithTimeout") !== undefined;
    const group = (send: () => unknown, [options, retriesLeft]: readonly unknown[]): unknown => {
      const numbered = typeof retriesLeft === "number";
      const repeated = numbered ? this.#requestOf(options, source.links) : undefined;
      if (repeated && numbered) repeated.retriesLeft = retriesLeft;
      if (repeated && (repeated.underWay === true || repeated === this.#store.request))
        return send();
      const request = repeated ?? {};
      const links = source.links?.broken === false ? source.links : undefined;
      if (repeated) links?.begin(asObject(options) ?? {}, repeated);
      else rememberOptions(request, options, { client: watchesBodies ? client : undefined, links });
      return this.#run(request, { send, client, source, links });
    };
    // `this`, and not `client`: that may be a proxy, which has none of the private fields
    return override(client, "makeRequest", function grouped(this: unknown, ...args: unknown[]) {
      return group(() => invoke(makeRequest, this, args), args);
    });
  }

  /** Runs a request of the SDK, from its first attempt on or once more, and ends it where it fails. */
  #run(request: SdkRequest, { send, client, source, links }: SdkCall): unknown {
    request.underWay = true;
    const settled = (): void => {
      request.underWay = false;
      if (links === undefined) this.#store.left();
    };
    return tapSettled(links ? send() : this.#store.withRequest(request, send), {
      value: settled,
      error: (error) => {
        settled();
        // an HTTP call that was not told to belong here has ended by itself
        if (request.operation === undefined && links?.broken === true) return;
        const operation = request.operation ?? this.#unsent(client, request, source);
        operation?.end(endingOf(error, request.signal));
      },
    });
  }

  /** The one that a retry belongs to: it comes from within, or with the same options. */
  #requestOf(options: unknown, links: RequestLinks | undefined): SdkRequest | undefined {
    const request = links?.underWay(options) ?? this.#store.request;
    if (request) return request;
    const fields = asObject(options);
    return fields && this.#fetchObserver.lapsedRequest(fields);
  }

  /** A request that the SDK gave up before it sent anything, e.g. because its signal had fired already. */
  #unsent(client: object, { target }: SdkRequest, source: FetchSource) {
    const baseUrl: unknown = Reflect.get(client, "baseURL");
    if (target === undefined || typeof baseUrl !== "string") return undefined;
    const { method, path, body } = target;
    const url = URL.canParse(path) ? path : `${baseUrl}${path}`;
    return this.#fetchObserver.open({ method, url, body, source });
  }

  #observeCopies(client: object, traits: ClientTraits): () => void {
    const withOptions = methodOf(client, "withOptions");
    if (withOptions === undefined) return () => {};
    const observeCopy = (copy: unknown): unknown => {
      if (!isObservable(copy)) return copy;
      const inherited = methodOf(copy, "fetch") as Fetch;
      // a copy has its own observation, which can be taken back without the other
      if (isObserved(inherited)) Reflect.set(copy, "fetch", originalOf(inherited));
      return this.observe(copy, traits);
    };
    return override(client, "withOptions", function observed(this: unknown, ...args: unknown[]) {
      return observeCopy(invoke(withOptions, this, args));
    });
  }
}

/** One call of `makeRequest`. */
interface SdkCall {
  readonly send: () => unknown;
  readonly client: object;
  readonly source: FetchSource;
  /** Missing: the async context tells which HTTP calls belong to it. */
  readonly links: RequestLinks | undefined;
}

interface Remembering {
  /** May try again with the options after it has given an answer out. */
  readonly client: object | undefined;
  readonly links: RequestLinks | undefined;
}

/** The SDK takes options, or a promise of them. Heard of here before the SDK goes on with them. */
function rememberOptions(
  request: SdkRequest,
  options: unknown,
  { client, links }: Remembering,
): void {
  void Promise.resolve(options).then(
    (resolved) => {
      const fields = asObject(resolved) ?? {};
      const { signal, method, path, body } = fields;
      links?.begin(fields, request);
      if (client) {
        request.options = fields;
        const maxRetries: unknown = fields["maxRetries"] ?? Reflect.get(client, "maxRetries");
        if (typeof maxRetries === "number") request.retriesLeft = maxRetries;
      }
      if (signal instanceof AbortSignal) request.signal = signal;
      if (typeof method === "string" && typeof path === "string") {
        request.target = { method: method.toUpperCase(), path, body };
      }
    },
    // the SDK reports it to the caller
    () => {},
  );
}

/** Returns what puts the client's own back. */
function linkHttpCalls(client: object, links: RequestLinks): () => void {
  const prepareRequest = methodOf(client, "prepareRequest");
  if (prepareRequest === undefined) return () => {};
  return override(client, "prepareRequest", function linked(this: unknown, ...args: unknown[]) {
    links.prepared(args[0], args[1]);
    return invoke(prepareRequest, this, args);
  });
}

/** Returns what puts the client's own back. */
function override(client: object, name: string, method: object): () => void {
  const own = Reflect.getOwnPropertyDescriptor(client, name);
  setOwn(client, name, method);
  // what `Object.keys` shows stays the same
  if (own?.enumerable === true) Object.defineProperty(client, name, { enumerable: true });
  return () => {
    // redefined, not deleted and added: the order of keys stays
    if (own) Object.defineProperty(client, name, own);
    else Reflect.deleteProperty(client, name);
  };
}

/** Has a `fetch` that can be replaced. */
function isObservable(client: unknown): client is object {
  return (
    typeof client === "object" &&
    client !== null &&
    methodOf(client, "fetch") !== undefined &&
    Object.isExtensible(client) &&
    Reflect.getOwnPropertyDescriptor(client, "fetch")?.configurable !== false
  );
}

function notObservable(client: unknown): ObservabilityError {
  return new ObservabilityError(
    "CLIENT_NOT_OBSERVABLE",
    `observe() got ${kindOf(client)}, which has no \`fetch\` to observe. ` +
      "Pass an SDK client such as `new OpenAI()`, or give the SDK `obs.fetch` as its `fetch` option.",
  );
}

function kindOf(client: unknown): string {
  if (typeof client !== "object" || client === null)
    return client === null ? "null" : typeof client;
  const name: unknown = client.constructor?.name;
  return typeof name === "string" ? name : "an object";
}
