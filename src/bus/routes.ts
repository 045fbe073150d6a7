import type { EventType } from "../events/index.ts";
import type { Subscriber } from "./subscriber.ts";

/** The events of one type. */
export interface Route {
  published: number;
  filtered: number;
  /** What `publish` walks: built when first asked for, thrown away when somebody comes or goes. */
  local: readonly Subscriber[] | undefined;
  remote: readonly Subscriber[] | undefined;
}

/** Who is subscribed, and who gets the events of which type. */
export class Routes {
  readonly #subscribers: Subscriber[] = [];
  readonly #byType = new Map<EventType, Route>();

  /** In order of subscription. */
  get subscribers(): readonly Subscriber[] {
    return this.#subscribers;
  }

  get statistics() {
    const publishedByType = new Map<EventType, number>();
    const filteredByType = new Map<EventType, number>();
    let totalPublished = 0;
    for (const [type, { published, filtered }] of this.#byType) {
      totalPublished += published;
      if (published > 0) publishedByType.set(type, published);
      if (filtered > 0) filteredByType.set(type, filtered);
    }
    return { totalPublished, publishedByType, filteredByType };
  }

  of(type: EventType): Route {
    return this.#byType.get(type) ?? this.#newRoute(type);
  }

  localOf(route: Route, type: EventType): readonly Subscriber[] {
    return (route.local ??= this.#wanting(type));
  }

  remoteOf(route: Route, type: EventType): readonly Subscriber[] {
    return (route.remote ??= this.#wanting(type).filter(
      ({ subscription }) => subscription.remote === true,
    ));
  }

  add(subscriber: Subscriber): void {
    this.#subscribers.push(subscriber);
    this.#forget();
  }

  delete(subscriber: Subscriber): void {
    this.#subscribers.splice(this.#subscribers.indexOf(subscriber), 1);
    this.#forget();
  }

  #newRoute(type: EventType): Route {
    const route: Route = { published: 0, filtered: 0, local: undefined, remote: undefined };
    this.#byType.set(type, route);
    return route;
  }

  #wanting(type: EventType): readonly Subscriber[] {
    return this.#subscribers
      .filter((subscriber) => subscriber.wants(type))
      .toSorted((a, b) => b.priority - a.priority);
  }

  #forget(): void {
    for (const route of this.#byType.values()) {
      route.local = undefined;
      route.remote = undefined;
    }
  }
}
