export { findDescriptor, hidden, invoke, type Method, methodOf, setOwn } from "./own-property.ts";
export { acceptsPipe, relay, type Relay } from "./relay.ts";
export { settledTap, tapSettled } from "./tap-settled.ts";
