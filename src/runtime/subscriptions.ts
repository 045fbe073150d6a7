import type { EventBus } from "../bus/index.ts";
import { type EventHandler, freezeEvent } from "../events/index.ts";
import { checkMiddleware, checkSubscription } from "./check-subscription.ts";
import type { Observability } from "./observability.ts";

/** The part of the facade that is about events. What an application's own handlers see is frozen. */
export function createSubscriptions(
  bus: EventBus,
): Pick<Observability, "subscribe" | "use" | "getEventStatistics"> {
  return {
    subscribe(handler, options = {}) {
      checkSubscription(handler, options);
      // the bus hands over events of what `options` asks for only, which is what the type of the handler says
      const listener = handler as EventHandler;
      const { name = "subscriber", queue = isAsync(handler) ? {} : undefined, ...rest } = options;
      return bus.subscribe({
        ...rest,
        name,
        queue,
        handle: (event) => listener(freezeEvent(event)),
      });
    },
    use(middleware, options = {}) {
      checkMiddleware(middleware, options);
      return bus.use((event) => middleware(freezeEvent(event)), options.name);
    },
    getEventStatistics: () => bus.statistics,
  };
}

/** Declared `async`: it is known before its first event that it wants a queue. */
function isAsync(handler: unknown): boolean {
  return Object.prototype.toString.call(handler) === "[object AsyncFunction]";
}
