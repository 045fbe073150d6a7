import { z } from "zod";

const anyValue: z.ZodType<AttributeValue> = z.lazy(() =>
  z
    .object({
      stringValue: z.string().optional(),
      boolValue: z.boolean().optional(),
      intValue: z.coerce.number().optional(),
      doubleValue: z.number().optional(),
      arrayValue: z.object({ values: z.array(anyValue).default([]) }).optional(),
    })
    .transform(
      (value) =>
        value.stringValue ??
        value.boolValue ??
        value.intValue ??
        value.doubleValue ??
        value.arrayValue?.values ??
        null,
    ),
);

const keyValues = z
  .array(z.object({ key: z.string(), value: anyValue }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, value])));

const tracesRequest = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: keyValues }),
      scopeSpans: z.array(
        z.object({
          scope: z.object({ name: z.string(), version: z.string().optional() }),
          spans: z.array(
            z.object({
              traceId: z.string().regex(/^[0-9a-f]{32}$/),
              spanId: z.string().regex(/^[0-9a-f]{16}$/),
              parentSpanId: z.string().optional(),
              name: z.string(),
              kind: z.number(),
              startTimeUnixNano: z.coerce.bigint(),
              endTimeUnixNano: z.coerce.bigint(),
              attributes: keyValues,
              status: z.object({ code: z.number().default(0), message: z.string().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

export type AttributeValue = string | number | boolean | null | AttributeValue[];

/** One span as it arrived, with what it shares with others of its batch. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  /** OTLP numbering: 3 is CLIENT. */
  readonly kind: number;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly status: { readonly code: number; readonly message?: string | undefined };
  readonly resource: Readonly<Record<string, AttributeValue>>;
  readonly scope: string;
}

/** The spans of an OTLP/JSON body. Throws on anything that an OTLP receiver would refuse. */
export function decodeSpans(json: string): ReceivedSpan[] {
  const { resourceSpans } = tracesRequest.parse(JSON.parse(json));
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({ ...span, resource: resource.attributes, scope: scope.name })),
    ),
  );
}
