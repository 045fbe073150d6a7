export { ScopedStorage } from "./scoped-storage.ts";
