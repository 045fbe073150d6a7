import * as z from "zod";
import { categoryOf, EVENT_SCHEMA_VERSION, type EventType } from "../events/index.ts";
import { envelopeDocs, eventDocs } from "../events/event-docs.ts";
import type { FieldDoc } from "../events/field-docs.ts";
import { type EventObjects, objectDocs } from "../events/object-docs.ts";
import { eventSchema } from "./event-schemas.ts";
import { named } from "./named.ts";

export type JsonSchema = z.core.JSONSchema.JSONSchema;

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** What is in the envelope of every event, and of those that left the process. */
const ENVELOPE: Readonly<Record<string, FieldDoc>> = {
  ...envelopeDocs,
  data: { type: "object", doc: "What is known of it." },
};
const SCHEMA_VERSION: JsonSchema = {
  const: EVENT_SCHEMA_VERSION,
  description: "Version of these schemas; missing where the event has not left the process.",
};

/**
 * JSON Schema (draft 2020-12) of one type of event, with all that it refers to. It allows fields that it doesn't name:
 * a later version may have them.
 */
export function eventJsonSchema(type: EventType): JsonSchema {
  const { properties, required, $defs } = z.toJSONSchema(eventSchema(type), {
    metadata: named,
    io: "input",
    override: ({ jsonSchema }) => withoutCommonplaces(jsonSchema),
  });
  return {
    $schema: DRAFT,
    $id: schemaId(type),
    title: type,
    description: `Published ${withoutMarkup(eventDocs[type].published)}`,
    type: "object",
    properties: { schemaVersion: SCHEMA_VERSION, ...envelopeOf(type, properties) },
    ...(required && { required }),
    ...describeObjects($defs),
  };
}

/** The same for all types together. */
export function anyEventJsonSchema(): JsonSchema {
  const $defs: NonNullable<JsonSchema["$defs"]> = {};
  const types = Object.keys(categoryOf) as EventType[];
  for (const type of types) {
    const { $schema: _, $id: __, $defs: objects, ...schema } = eventJsonSchema(type);
    Object.assign($defs, objects, { [type]: schema });
  }
  return {
    $schema: DRAFT,
    $id: schemaId("event"),
    title: "event",
    description: "An event of any type.",
    oneOf: types.map((type) => ({ $ref: `#/$defs/${type}` })),
    $defs,
  };
}

function schemaId(name: string): string {
  return `urn:rlm-toolkit:observability:events:v${EVENT_SCHEMA_VERSION}:${name}`;
}

type Properties = JsonSchema["properties"];

function envelopeOf(type: EventType, properties: Properties): NonNullable<Properties> {
  const { data, ...links } = describeFields(properties, ENVELOPE);
  const fields = (data as JsonSchema).properties;
  return {
    ...links,
    data: { ...(data as JsonSchema), properties: describeFields(fields, eventDocs[type].data) },
  };
}

function describeObjects(schemas: JsonSchema["$defs"]): Pick<JsonSchema, "$defs"> {
  if (schemas === undefined) return {};
  const described = Object.entries(schemas).map(([name, schema]) => {
    // the names of the registry
    const { doc, fields } = objectDocs[name as keyof EventObjects];
    const properties = describeFields(schema.properties, fields);
    const { id: _, ...object } = { description: doc, ...schema, properties };
    return [name, object];
  });
  return { $defs: Object.fromEntries(described) as NonNullable<JsonSchema["$defs"]> };
}

function describeFields(
  properties: Properties = {},
  docs: Readonly<Record<string, FieldDoc>>,
): NonNullable<Properties> {
  const described = Object.entries(properties).map(([name, schema]) => {
    const description = withoutMarkup(docs[name]?.doc ?? "");
    return [name, { ...(schema as JsonSchema), description }];
  });
  return Object.fromEntries(described) as NonNullable<Properties>;
}

/** What says nothing: that a name is text. */
function withoutCommonplaces(schema: z.core.JSONSchema.BaseSchema): void {
  // the schema is being built, and this is what `override` is for
  delete (schema as { propertyNames?: unknown }).propertyNames;
}

/** The pages are Markdown, a description is text. */
function withoutMarkup(text: string): string {
  return text.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, "$1").replaceAll("`", "");
}
