import { ScopedStorage } from "../async-scope/index.ts";
import { type CallContext, contextFrom } from "../events/index.ts";
import type { ActivityScope } from "./activity-scope.ts";
import type { Operation } from "./operation.ts";

/** One request of an SDK, its own retries included: they become attempts of one operation. */
export interface SdkRequest {
  /** Opened by the first HTTP call that a wire reader knows. */
  operation?: Operation;
  /** The caller's own signal; what the HTTP calls get is the SDK's, which the SDK also fires when it tidies up. */
  signal?: AbortSignal;
  /** The SDK's own object for the request, retries included. */
  options?: object;
  /** How often the SDK may still try again; `undefined` if that is not known. */
  retriesLeft?: number;
  /** The SDK has not given an answer, or an error, yet. */
  underWay?: boolean;
  /** What the SDK was asked to send. */
  target?: { readonly method: string; readonly path: string; readonly body: unknown };
}

/** An HTTP call that is observed. Contexts that outlive it hold on to this, and to nothing it sent. */
export interface ObservedHttpCall {
  /** What `fetch` was called with; `undefined` once the call has settled. */
  sent: Parameters<typeof globalThis.fetch> | undefined;
}

interface Store {
  readonly context: CallContext;
  /** The innermost agent, tool, retrieval or workflow. */
  readonly activity?: ActivityScope | undefined;
  readonly request?: SdkRequest | undefined;
  /** Inside an observed HTTP call: an observed `fetch` further in must not count it again. */
  readonly observing?: ObservedHttpCall;
  /** Inside an observed `fetch` that had nothing to observe. */
  readonly passing?: true;
}

/** The number is that of the shape of what is shared: copies of this package that differ in it don't share. */
const STORAGE = Symbol.for("@rlm-toolkit/observability.calls.3");

/**
 * What travels with the calls of one application through `await`, timers and streams. All instances share it, those
 * of another copy of this package too: a call inside an observed one is counted once, whoever observes it.
 */
export class CallStore {
  readonly #storage = new ScopedStorage<Store>(STORAGE);

  get context(): CallContext {
    return this.#storage.get()?.context ?? NO_CONTEXT;
  }

  get activity(): ActivityScope | undefined {
    return this.#storage.get()?.activity;
  }

  get request(): SdkRequest | undefined {
    return this.#storage.get()?.request;
  }

  /** What the observed HTTP call around this one, still under way, is sending. */
  get sending(): ObservedHttpCall["sent"] {
    return this.#storage.get()?.observing?.sent;
  }

  /** What is sent here went through an observed `fetch`, whether or not there was something to observe. */
  get accounted(): boolean {
    const store = this.#storage.get();
    return store?.observing?.sent !== undefined || store?.passing === true;
  }

  /** Inner values win; tags are added up, metadata merged. */
  withContext<T>(context: CallContext, fn: () => T): T {
    return this.#storage.keep(
      { ...this.#current(), context: merge(this.context, contextFrom(context)) },
      fn,
    );
  }

  /** Runs functions inside `activity`: now, and later, when somebody reads the stream that it returned. */
  inside(activity: ActivityScope): <T>(fn: () => T) => T {
    const store: Store = { ...this.#current(), activity };
    return (fn) => this.#storage.keep(store, fn);
  }

  /** Runs functions later as if they ran now. */
  capture(): <T>(fn: () => T) => T {
    const store = this.#current();
    return (fn) => this.#storage.keep(store, fn);
  }

  /** What `fn` gives goes on in here until it has settled, and `left()` is called. */
  withRequest<T>(request: SdkRequest, fn: () => T): T {
    const { context, activity } = this.#current();
    return this.#storage.enter({ context, activity, request }, fn);
  }

  /** Runs the HTTP call itself, up to `left()`. What else is called in there is no part of the SDK's request. */
  withObserving<T>(call: ObservedHttpCall, fn: () => T): T {
    const { context, activity } = this.#current();
    return this.#storage.enter({ context, activity, observing: call }, fn);
  }

  /** Runs an HTTP call that went through an observed `fetch` and is no LLM call it knows, up to `left()`. */
  withPassing<T>(fn: () => T): T {
    const { context, activity, request } = this.#current();
    return this.#storage.enter({ context, activity, request, passing: true }, fn);
  }

  /** A request, or this HTTP call, that was run in here has settled. */
  left(call?: ObservedHttpCall): void {
    if (call) call.sent = undefined;
    this.#storage.leave();
  }

  #current(): Store {
    return this.#storage.get() ?? { context: NO_CONTEXT };
  }
}

const NO_CONTEXT: CallContext = Object.freeze({});

function merge(outer: CallContext, inner: CallContext): CallContext {
  // copies, frozen: they are in every event of every call that belongs here
  const tags = Object.freeze([...new Set([...(outer.tags ?? []), ...(inner.tags ?? [])])]);
  const metadata = Object.freeze({ ...outer.metadata, ...inner.metadata });
  return {
    ...outer,
    ...inner,
    ...(tags.length > 0 && { tags }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}
