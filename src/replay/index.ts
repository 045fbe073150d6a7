export { CountedOnce } from "./counted-once.ts";
export { HeardInstances } from "./heard-instances.ts";
