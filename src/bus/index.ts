export type { BusStatistics, HandlerStatistics, MiddlewareStatistics } from "./bus-statistics.ts";
export { createEventBus, type EventBus } from "./event-bus.ts";
export type { Ending, Middleware, Subscribed, Subscription } from "./subscription.ts";
