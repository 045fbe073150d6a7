export { ownThread } from "./own-thread.ts";
