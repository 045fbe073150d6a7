export { anyEventJsonSchema, eventJsonSchema, type JsonSchema } from "./event-json-schema.ts";
export { eventSchema } from "./event-schemas.ts";
export { parseEvent, parseEventText } from "./parse-event.ts";
