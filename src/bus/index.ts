export {
  createEventBus,
  type BusStatistics,
  type EventBus,
  type Subscription,
} from "./event-bus.ts";
