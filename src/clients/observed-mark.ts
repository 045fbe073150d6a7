import { setOwn } from "../taps/index.ts";

export type Fetch = typeof globalThis.fetch;

/** Marks an observed `fetch`, for any copy of this package. */
const OBSERVED = Symbol.for("@rlm-toolkit/observability.observed");

/** What an observed `fetch` says of itself. */
export interface ObservedMark {
  readonly original: Fetch;
  readonly observer: object;
  /** False once it only passes calls through. */
  readonly isLive: () => boolean;
}

export function markOf(fetch: object): ObservedMark | undefined {
  return Reflect.get(fetch, OBSERVED) as ObservedMark | undefined;
}

export function setMark(fetch: object, mark: ObservedMark): void {
  setOwn(fetch, OBSERVED, mark);
}

/** True for a `fetch` that this package, or another copy of it, made and that still observes. */
export function isObserved(fetch: object): boolean {
  return markOf(fetch)?.isLive() === true;
}

/** The `fetch` behind an observed one. */
export function originalOf(fetch: Fetch): Fetch {
  return markOf(fetch)?.original ?? fetch;
}
