export {
  createEventStore,
  type EventStoreOptions,
  type EventStoreSink,
} from "./create-event-store.ts";
export type {
  EventPage,
  EventQuery,
  EventStore,
  ReplayReport,
  StoredEvent,
} from "./event-store.ts";
