import type { Diagnostics } from "../diagnostics/index.ts";
import { errorName } from "../errors/index.ts";
import type { Event } from "../events/index.ts";
import type { MiddlewareStatistics } from "./bus-statistics.ts";
import { flawOf } from "./enriched-copy.ts";
import { isThenable } from "./is-thenable.ts";
import { type Ending, endingOf, type Middleware } from "./subscription.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Link {
  readonly middleware: Middleware;
  readonly statistics: Mutable<MiddlewareStatistics>;
}

/** A middleware returned what it should not. */
class MisuseError extends Error {}

/** What every event of this process goes through, in the order of `use()`. Delays nothing, breaks nothing. */
export class MiddlewareChain {
  readonly #diagnostics: Diagnostics;
  /** Replaced, never changed: an event goes through the chain that there was when it came. */
  #links: readonly Link[] = [];

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  get empty(): boolean {
    return this.#links.length === 0;
  }

  get statistics(): readonly MiddlewareStatistics[] {
    return this.#links.map(({ statistics }) => ({ ...statistics }));
  }

  use(middleware: Middleware, name: string): Ending {
    const counts = { passed: 0, enriched: 0, dropped: 0, failed: 0, lastError: undefined };
    const link: Link = { middleware, statistics: { name, ...counts } };
    this.#links = [...this.#links, link];
    return endingOf(() => (this.#links = this.#links.filter((other) => other !== link)), {});
  }

  /** The event as the last one left it; `undefined` when one of them dropped it. */
  apply(event: Event): Event | undefined {
    let passed: Event = event;
    for (const link of this.#links) {
      const next = this.#step(link, passed);
      if (next === undefined) return undefined;
      passed = next;
    }
    return passed;
  }

  #step({ middleware, statistics }: Link, event: Event): Event | undefined {
    try {
      const result: unknown = middleware(event);
      if (result === undefined) {
        statistics.dropped += 1;
        return undefined;
      }
      if (result === event) {
        statistics.passed += 1;
        return event;
      }
      assertStandsFor(event, result);
      statistics.passed += 1;
      statistics.enriched += 1;
      return result;
    } catch (error) {
      statistics.passed += 1;
      this.#failed(statistics, error instanceof MisuseError ? error.message : errorName(error));
      return event;
    }
  }

  #failed(statistics: Link["statistics"], error: string): void {
    statistics.failed += 1;
    statistics.lastError = error;
    this.#diagnostics.handlerFailed(statistics.name);
    const message = `a middleware failed (${error}); the event passes unchanged, later ones are only counted`;
    this.#diagnostics.warnOnce(statistics.name, "middleware", message);
  }
}

/** @throws MisuseError for what is no copy of the event that others can rely on */
function assertStandsFor(event: Event, result: unknown): asserts result is Event {
  if (isThenable(result)) {
    // one that rejects stays nobody's problem
    void Promise.resolve(result).then(
      () => {},
      () => {},
    );
    throw new MisuseError("returned a promise, which nobody waits for");
  }
  const flaw = flawOf(result, event);
  if (flaw !== undefined) throw new MisuseError(flaw);
}
