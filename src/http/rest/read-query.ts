import type * as z from "zod";

/** A parameter that is refused; `name` is the client's own word. */
export interface RefusedParameter {
  readonly name: string;
  readonly reason: string;
}

export type ReadQuery<T> = { readonly value: T } | { readonly refused: RefusedParameter };

const WHOLE_NUMBER = /^\d{1,15}$/;

/** Reads a query by its schema: numbers and lists from text, no name that it doesn't have, none twice. */
export function readQuery<Query extends z.ZodObject>(
  schema: Query,
  parameters: URLSearchParams,
): ReadQuery<z.output<Query>> {
  const values: Record<string, unknown> = {};
  // the parts of a `z.object()` are full schemas
  const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
  for (const [name, text] of parameters) {
    const parameter = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (parameter === undefined) return refused(name, unknownParameter(schema));
    if (Object.hasOwn(values, name)) return refused(name, "it is given twice");
    values[name] = bestReading(parameter, text);
  }
  const { data, error } = schema.safeParse(values);
  if (error === undefined) return { value: data };
  const [issue] = error.issues;
  return refused(String(issue?.path[0] ?? ""), issue?.message ?? "it is not valid");
}

/** The text as what the parameter takes, or else as what it is nearest to. */
function bestReading(parameter: z.ZodType, text: string): unknown {
  const readings = [text, ...(WHOLE_NUMBER.test(text) ? [Number(text)] : []), text.split(",")];
  const results = readings.map((reading) => ({ reading, ...parameter.safeParse(reading) }));
  const best =
    results.find(({ success }) => success) ??
    results.find(({ error }) => error?.issues[0]?.code !== "invalid_type");
  return best ? best.reading : text;
}

function unknownParameter(schema: z.ZodObject): string {
  const names = Object.keys(schema.shape);
  return names.length === 0 ? "this route has no parameters" : `known are ${names.join(", ")}`;
}

function refused(name: string, reason: string): { readonly refused: RefusedParameter } {
  return { refused: { name: name.slice(0, 64), reason } };
}
