import type { CallStore, SdkRequest } from "../calls/index.ts";
import { ObservabilityError } from "../errors/index.ts";
import { asObject } from "../wire/index.ts";
import { endingOf } from "./call-error.ts";
import { isObserved, type Fetch, type FetchObserver } from "./observe-fetch.ts";
import { methodOf, setOwn } from "./own-property.ts";

/** Puts the observed `fetch` into SDK clients, and one operation around each of their requests. */
export class ClientObserver {
  readonly #fetchObserver: FetchObserver;
  readonly #store: CallStore;
  readonly #undo = new WeakMap<object, () => void>();

  constructor(fetchObserver: FetchObserver, store: CallStore) {
    this.#fetchObserver = fetchObserver;
    this.#store = store;
  }

  /** Returns the same object. @throws CLIENT_NOT_OBSERVABLE if it has no `fetch`. */
  observe<T extends object>(client: T, provider?: string): T {
    const fetch = methodOf(client, "fetch") as Fetch | undefined;
    if (fetch === undefined) throw notObservable(client);
    if (this.#undo.has(client)) return client;
    const restoreFetch = this.#replaceFetch(client, fetch, provider);
    const restoreRequests = this.#groupAttempts(client);
    const restoreCopies = this.#observeCopies(client, provider);
    this.#undo.set(client, () => {
      restoreFetch();
      restoreRequests();
      restoreCopies();
    });
    return client;
  }

  unobserve<T extends object>(client: T): T {
    this.#undo.get(client)?.();
    this.#undo.delete(client);
    return client;
  }

  #replaceFetch(client: object, fetch: Fetch, provider: string | undefined): () => void {
    if (isObserved(fetch)) return () => {};
    Reflect.set(client, "fetch", this.#fetchObserver.observe(fetch, provider));
    return () => Reflect.set(client, "fetch", fetch);
  }

  /**
   * The SDK's own retries belong to one operation. `makeRequest` gets a promise of the whole request, retries included;
   * a retry calls it again, with the number that remain. Where a client has no such method, each HTTP call counts alone.
   */
  #groupAttempts(client: object): () => void {
    const makeRequest = methodOf(client, "makeRequest");
    if (makeRequest === undefined) return () => {};
    return override(client, "makeRequest", (...args: unknown[]) => {
      const send = (): Promise<unknown> => Reflect.apply(makeRequest, client, args);
      const isRetry = typeof args[1] === "number" && this.#store.request !== undefined;
      if (isRetry) return send();
      const request: SdkRequest = {};
      rememberSignal(request, args[0]);
      return this.#store.withRequest(request, send).catch((error: unknown) => {
        request.operation?.end(endingOf(error));
        throw error;
      });
    });
  }

  #observeCopies(client: object, provider: string | undefined): () => void {
    const withOptions = methodOf(client, "withOptions");
    if (withOptions === undefined) return () => {};
    return override(client, "withOptions", (...args: unknown[]) =>
      this.observe(Reflect.apply(withOptions, client, args) as object, provider),
    );
  }
}

/** The SDK takes options, or a promise of them. */
function rememberSignal(request: SdkRequest, options: unknown): void {
  void Promise.resolve(options).then(
    (resolved) => {
      const signal: unknown = asObject(resolved)?.["signal"];
      if (signal instanceof AbortSignal) request.signal = signal;
    },
    // the SDK reports it to the caller
    () => {},
  );
}

function override(client: object, name: string, method: (...args: unknown[]) => unknown) {
  const own = Reflect.getOwnPropertyDescriptor(client, name);
  setOwn(client, name, method);
  return () => {
    Reflect.deleteProperty(client, name);
    if (own) Object.defineProperty(client, name, own);
  };
}

function notObservable(client: object): ObservabilityError {
  return new ObservabilityError(
    "CLIENT_NOT_OBSERVABLE",
    `observe() got ${client?.constructor?.name ?? typeof client}, which has no \`fetch\` to observe. ` +
      "Pass an SDK client such as `new OpenAI()`, or give the SDK `obs.fetch` as its `fetch` option.",
  );
}
