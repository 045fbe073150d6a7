export { type DropReason, type Entry, RecentMap, type RecentMapOptions } from "./recent-map.ts";
export { RecentIds } from "./recent-ids.ts";
