import type { SdkRequest } from "../calls/index.ts";
import { methodOf } from "../taps/index.ts";
import { asObject } from "../wire/index.ts";
import type { Fetch } from "./observed-mark.ts";

/** A hook for subclasses that does nothing, minified or not. */
const EMPTY_HOOK = /^async prepareRequest\([^)]*\)\s*\{\s*\}$/;

/** What a request goes through in the SDK. Where one is overridden, it may be other objects that arrive. */
const METHODS = ["makeRequest", "retryRequest", "prepareRequest", "fetchWithTimeout"] as const;

/** With these the SDK tries again with a copy of the options. */
const COPYING_FIELDS = ["_workloadIdentityAuth", "_provider"] as const;

/** True for a client of `openai` as it is: it hands the same options to each step, and the same headers to `fetch`. */
export function handsObjectsOn(client: object): boolean {
  const hook = methodOf(client, "prepareRequest");
  if (hook === undefined || !EMPTY_HOOK.test(Function.prototype.toString.call(hook))) return false;
  const owner = ownerOf(client, "makeRequest");
  if (owner === client || METHODS.some((name) => ownerOf(client, name) !== owner)) return false;
  return COPYING_FIELDS.every((name) => !Reflect.get(client, name));
}

/**
 * Which request of an SDK's client an HTTP call belongs to, told by the objects that the SDK hands on: options → headers.
 * An async context says it, too, but as long as it is on Node.js follows some forty promises for each call.
 */
export class RequestLinks {
  readonly #byOptions = new WeakMap<object, SdkRequest>();
  readonly #byHeaders = new WeakMap<object, SdkRequest>();
  #broken = false;

  /** An HTTP call came that belongs to no request: this client does something else than was thought. */
  get broken(): boolean {
    return this.#broken;
  }

  /** `request` has these options. */
  begin(options: object, request: SdkRequest): void {
    const other = this.#byOptions.get(options);
    // two at a time with the same ones can't be told from each other
    if (other?.underWay === true && other !== request) this.#byOptions.delete(options);
    else this.#byOptions.set(options, request);
  }

  /** The request under way that has these options. */
  underWay(options: unknown): SdkRequest | undefined {
    const fields = asObject(options);
    const request = fields && this.#byOptions.get(fields);
    return request?.underWay === true ? request : undefined;
  }

  /** The SDK has prepared the HTTP call of the request with `options`. */
  prepared(httpRequest: unknown, details: unknown): void {
    const headers = asObject(asObject(httpRequest)?.["headers"]);
    const request = this.underWay(asObject(details)?.["options"]);
    if (headers && request) this.#byHeaders.set(headers, request);
  }

  /** The request that an HTTP call of the client belongs to. */
  of(init: Parameters<Fetch>[1]): SdkRequest | undefined {
    const headers = asObject(init?.headers);
    const request = headers && this.#byHeaders.get(headers);
    if (request === undefined) this.#broken = true;
    return request;
  }
}

function ownerOf(client: object, name: string): object | undefined {
  let at: object | null = client;
  while (at !== null && !Object.hasOwn(at, name)) at = Reflect.getPrototypeOf(at);
  return at ?? undefined;
}
