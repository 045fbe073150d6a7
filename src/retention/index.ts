export { type DropReason, type Entry, RecentMap, type RecentMapOptions } from "./recent-map.ts";
