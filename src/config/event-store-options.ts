import { eventStoreLocation, milliseconds, wholeNumber } from "./value-types.ts";

/** The rows of the option table that the event store has. */
export const eventStoreOptions = {
  "events.store": {
    type: eventStoreLocation(),
    environment: ["RLM_EVENTS_STORE"],
    secret: true,
    doc: "Where every event is kept: a folder (with the package `@electric-sql/pglite`), or a PostgreSQL server, `postgres://…` (with the package `pg`). Unset: nowhere.",
  },
  "events.storeMaxBatchSize": {
    type: wholeNumber(1, 10_000),
    default: 200,
    environment: ["RLM_EVENTS_STORE_MAX_BATCH_SIZE"],
    doc: "Events that are written to the store at once, at the most.",
  },
  "events.storeMaxDelayMs": {
    type: milliseconds(0),
    default: 50,
    unit: "ms",
    environment: ["RLM_EVENTS_STORE_MAX_DELAY_MS"],
    doc: "How long an event waits for others to be written with.",
  },
  "events.storeMaxQueueSize": {
    type: wholeNumber(1),
    default: 10_000,
    environment: ["RLM_EVENTS_STORE_MAX_QUEUE_SIZE"],
    doc: "Events that wait for the store at the most, while it is down for instance; the next one is dropped and counted.",
  },
  "events.storeTimeoutMs": {
    type: milliseconds(),
    default: 5_000,
    unit: "ms",
    environment: ["RLM_EVENTS_STORE_TIMEOUT_MS"],
    doc: "What connecting to the store, and one statement, may take.",
  },
  "events.storeMaxAgeMs": {
    type: wholeNumber(1),
    unit: "ms",
    environment: ["RLM_EVENTS_STORE_MAX_AGE_MS"],
    doc: "Events older than this are deleted from the store, whoever wrote them. Unset: none are.",
  },
  "events.storeMaxEvents": {
    type: wholeNumber(1),
    environment: ["RLM_EVENTS_STORE_MAX_EVENTS"],
    doc: "Events that the store keeps; the oldest beyond it are deleted, whoever wrote them. Unset: all are kept.",
  },
} as const;
