export type { ActivityScope } from "./activity-scope.ts";
export { endingOf, abortReason, errorTypeOf } from "./call-error.ts";
export { CallStore, type ObservedHttpCall, type SdkRequest } from "./call-store.ts";
export { CallTracker, type CallTrackerOptions, type Price } from "./call-tracker.ts";
export { monotonicNow, type Now } from "./clock.ts";
export { ContentPolicy } from "./content/content-policy.ts";
export { Operation, type Ending, type OperationEnd } from "./operation.ts";
export { GuardedEnclosure } from "./guarded-enclosure.ts";
