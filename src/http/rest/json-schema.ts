import * as z from "zod";
import type { JsonSchema } from "../../schemas/index.ts";

/** A schema as OpenAPI 3.1 takes it. */
export function toJsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => withoutCommonplaces(jsonSchema),
  });
  return rest;
}

/** What says nothing to a client: the bounds of a double, a pattern beside its format, that an array is not ours. */
function withoutCommonplaces(schema: z.core.JSONSchema.BaseSchema): void {
  // the schema is being built, and this is what `override` is for
  const built = schema as Record<string, unknown>;
  if (built["maximum"] === Number.MAX_SAFE_INTEGER) delete built["maximum"];
  if (built["minimum"] === Number.MIN_SAFE_INTEGER) delete built["minimum"];
  if (built["format"] === "date-time") delete built["pattern"];
  delete built["propertyNames"];
  delete built["readOnly"];
}
