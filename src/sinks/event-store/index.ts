// what writes is imported by its own name: an application loads it in another thread
export type { EventStoreOptions, EventStoreSink } from "./create-event-store.ts";
export { createEventReader } from "./event-reader.ts";
export type {
  EventPage,
  EventQuery,
  EventStore,
  ReplayReport,
  StoredEvent,
} from "./event-store.ts";
