import { anyEventJsonSchema, type JsonSchema } from "../../schemas/index.ts";

/**
 * The schema of events as components of `/openapi.json`, `Event` and what it refers to: a schema with definitions of its
 * own is valid there too, but few tools find them.
 */
export function eventComponents(): Readonly<Record<string, JsonSchema>> {
  const { $schema: _, $id: __, $defs = {}, ...event } = anyEventJsonSchema();
  // what comes out of JSON is JSON
  return JSON.parse(
    JSON.stringify({ Event: event, ...$defs }).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as Record<string, JsonSchema>;
}
