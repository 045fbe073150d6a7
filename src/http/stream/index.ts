export { EventStream } from "./event-stream.ts";
export type { StreamFilter } from "./frame.ts";
