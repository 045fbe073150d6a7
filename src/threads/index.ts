export { ownThread } from "./own-thread.ts";
export { withoutPreloads } from "./without-preloads.ts";
