import { categoryOf, EVENT_SCHEMA_VERSION, type EventType } from "../events/index.ts";
import { anyEventJsonSchema, eventJsonSchema, type JsonSchema } from "../schemas/index.ts";

const FOLDER = `schemas/events/v${EVENT_SCHEMA_VERSION}`;

/** The JSON Schemas that ship: one for each type of event, and one for all. */
export const eventSchemaFiles = [
  ...(Object.keys(categoryOf) as EventType[]).map((type) => ({
    path: `${FOLDER}/${type}.json`,
    render: () => renderSchema(eventJsonSchema(type)),
  })),
  { path: `${FOLDER}/event.json`, render: () => renderSchema(anyEventJsonSchema()) },
];

/** As text: two spaces, a line feed at the end. */
export function renderSchema(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
