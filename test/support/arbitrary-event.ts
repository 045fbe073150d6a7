import fc from "fast-check";
import * as z from "zod";
import { categoryOf, type Event, type EventType } from "../../src/events/index.ts";
import { eventSchema } from "../../src/schemas/index.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Any event of the types, as its schema has it: each optional field present or not, with no `undefined` in it. */
export function arbitraryEvent(
  types: readonly EventType[] = Object.keys(categoryOf) as EventType[],
): fc.Arbitrary<Event> {
  const each = types.map((type) => arbitraryOf(z.toJSONSchema(eventSchema(type), { io: "input" })));
  // made by the schema that it is checked against elsewhere
  return fc.oneof(...each) as fc.Arbitrary<Event>;
}

function arbitraryOf(schema: z.core.JSONSchema._JSONSchema): fc.Arbitrary<unknown> {
  if (typeof schema === "boolean" || Object.keys(schema).length === 0) return fc.jsonValue();
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom<unknown>(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(arbitraryOf));
  if (Array.isArray(schema.type)) {
    return fc.oneof(...schema.type.map((type: string) => arbitraryOf({ type } as JsonSchema)));
  }
  switch (schema.type) {
    case "string":
      return arbitraryText(schema);
    case "integer":
      return fc.maxSafeNat();
    case "number":
      return fc
        .double({ min: schema.minimum ?? -1e15, max: 1e15, noNaN: true })
        .map(withoutMinusZero);
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(arbitraryOf(schema.items as JsonSchema), { maxLength: 3 });
    case "object":
      return arbitraryObject(schema);
    default:
      throw new Error(`No arbitrary for ${JSON.stringify(schema)}`);
  }
}

function arbitraryText({ pattern, minLength = 0 }: JsonSchema): fc.Arbitrary<string> {
  return pattern === undefined
    ? fc.string({ minLength, maxLength: 20 })
    : fc.stringMatching(new RegExp(pattern));
}

function arbitraryObject(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { properties, required = [], additionalProperties } = schema;
  if (properties === undefined) {
    // which no reader takes for a name
    const name = fc.string().filter((text) => text !== "__proto__");
    return fc.dictionary(name, arbitraryOf(additionalProperties ?? {}), {
      maxKeys: 3,
      noNullPrototype: true,
    });
  }
  const fields = Object.entries(properties).map(([name, field]) => [name, arbitraryOf(field)]);
  return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: required,
    noNullPrototype: true,
  });
}

/** JSON has none. */
function withoutMinusZero(value: number): number {
  return value === 0 ? 0 : value;
}
