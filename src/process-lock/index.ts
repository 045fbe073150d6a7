export { type LockTimes, ProcessLock } from "./process-lock.ts";
export { lockOwner } from "./lock-owner.ts";
