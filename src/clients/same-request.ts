import { signalOf, urlOf } from "./fetch-arguments.ts";
import type { Fetch } from "./observed-mark.ts";

type Arguments = Parameters<Fetch>;

/**
 * True if an HTTP call that is made inside of another is evidently that one on its way through one layer more, changed
 * or not. All else that a custom `fetch` does, e.g. to have a prompt checked by another model, is a call of its own.
 */
export function isSameRequest(outer: Arguments, inner: Arguments): boolean {
  const [outerInit, innerInit] = [outer[1], inner[1]];
  return (
    isShared(outerInit, innerInit) ||
    isShared(outerInit?.signal ?? signalOf(outer[0]), innerInit?.signal ?? signalOf(inner[0])) ||
    isShared(headersOf(outer), headersOf(inner)) ||
    (isSameUrl(urlOf(outer[0]), urlOf(inner[0])) && isSameBody(outer, inner))
  );
}

function isShared(outer: unknown, inner: unknown): boolean {
  return outer === inner && typeof outer === "object" && outer !== null;
}

function headersOf([input, init]: Arguments): unknown {
  return init?.headers ?? (input instanceof Request ? input.headers : undefined);
}

/** A `Request` has its URL in the normal form, text may have it in any. */
function isSameUrl(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  if (!URL.canParse(outer) || !URL.canParse(inner)) return false;
  return new URL(outer).href === new URL(inner).href;
}

function isSameBody(outer: Arguments, inner: Arguments): boolean {
  if (isUnread(outer) || isUnread(inner)) return true;
  return outer[1]?.body === inner[1]?.body;
}

/** The body of a `Request`, of any implementation, can't be compared without a copy of it. */
function isUnread([input, init]: Arguments): boolean {
  return typeof input !== "string" && !(input instanceof URL) && init?.body === undefined;
}
