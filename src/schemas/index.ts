export { eventSchema } from "./event-schemas.ts";
export { parseEvent, parseEventText } from "./parse-event.ts";
