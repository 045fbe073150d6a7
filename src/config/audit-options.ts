import { longText, milliseconds, nonEmptyText, oneOf, wholeNumber } from "./value-types.ts";

/** The rows of `audit.*` in the option table. */
export const auditOptions = {
  "audit.path": {
    type: nonEmptyText("the path of a folder"),
    environment: ["RLM_AUDIT_PATH"],
    doc: "Folder of the [audit log](audit-log.md), made if it is missing. Unset: nothing is written, and the last events are kept in memory.",
  },
  "audit.key": {
    type: longText(16),
    environment: ["RLM_AUDIT_KEY"],
    secret: true,
    doc: "Secret that the hashes of the audit log are made with, so that nobody without it can change a record and make it look right.",
  },
  "audit.fsync": {
    type: oneOf(["each", "interval", "none"]),
    default: "interval",
    environment: ["RLM_AUDIT_FSYNC"],
    doc: "When records are on the disk: before the next ones are written, after `audit.fsyncIntervalMs`, or when the operating system thinks fit.",
  },
  "audit.fsyncIntervalMs": {
    type: milliseconds(),
    default: 1_000,
    unit: "ms",
    environment: ["RLM_AUDIT_FSYNC_INTERVAL_MS"],
    doc: "What a power failure may take at the most, with `interval`.",
  },
  "audit.maxSizeBytes": {
    type: wholeNumber(4_096),
    default: 67_108_864,
    unit: "bytes",
    environment: ["RLM_AUDIT_MAX_SIZE_BYTES"],
    doc: "The next file of the audit log is begun at this size.",
  },
  "audit.maxFiles": {
    type: wholeNumber(1),
    environment: ["RLM_AUDIT_MAX_FILES"],
    doc: "Files that are kept of each chain of the audit log, the current one included. Unset: all.",
  },
  "audit.maxAgeDays": {
    type: wholeNumber(1, 36_500),
    environment: ["RLM_AUDIT_MAX_AGE_DAYS"],
    doc: "Files of the audit log are deleted when everything in them is older. Unset: never.",
  },
  "audit.maxQueueSize": {
    type: wholeNumber(1),
    default: 10_000,
    environment: ["RLM_AUDIT_MAX_QUEUE_SIZE"],
    doc: "Events that wait for the disk at the most; the next one is dropped and counted.",
  },
  "audit.maxInMemory": {
    type: wholeNumber(0, 100_000),
    default: 256,
    environment: ["RLM_AUDIT_MAX_IN_MEMORY"],
    doc: "Events that are kept in memory for queries while `audit.path` is unset; 0 keeps none.",
  },
} as const;
