import { expectTypeOf, test } from "vitest";
import * as z from "zod";
import type { Exact } from "./exact.ts";

interface Event {
  readonly name: string;
  readonly kind: "a" | "b";
  readonly note?: string;
  readonly size?: number | undefined;
  readonly tags: readonly { readonly tag: string }[];
}

const fields = {
  name: z.string(),
  kind: z.enum(["a", "b"]),
  note: z.string().exactOptional(),
  size: z.number().optional(),
  tags: z.array(z.object({ tag: z.string() })),
};
const exact = z.object(fields);
const { note: _, ...withoutNote } = fields;
const missing = z.object(withoutNote);
const more = z.object({ ...fields, more: z.string() });
const required = z.object({ ...fields, note: z.string() });
const maybeUndefined = z.object({ ...fields, note: z.string().optional() });
const neverUndefined = z.object({ ...fields, size: z.number().exactOptional() });
const wider = z.object({ ...fields, kind: z.string() });
const narrower = z.object({ ...fields, kind: z.literal("a") });
const deeper = z.object({ ...fields, tags: z.array(z.object({ tag: z.number() })) });

interface Changeable extends Omit<Event, "name"> {
  name: string;
}

test("a schema is exact when its type is that of the event in every detail", () => {
  expectTypeOf<Exact<typeof exact, Event>>().toEqualTypeOf<true>();
});

test("each difference in one detail is told", () => {
  expectTypeOf<Exact<typeof missing, Event>>().toEqualTypeOf<false>();
  expectTypeOf<Exact<typeof more, Event>>().toEqualTypeOf<false>();
  expectTypeOf<Exact<typeof required, Event>>().toEqualTypeOf<false>();
  expectTypeOf<Exact<typeof maybeUndefined, Event>>().toEqualTypeOf<false>();
  expectTypeOf<Exact<typeof neverUndefined, Event>>().toEqualTypeOf<false>();
  expectTypeOf<Exact<typeof wider, Event>>().toEqualTypeOf<false>();
  expectTypeOf<Exact<typeof narrower, Event>>().toEqualTypeOf<false>();
  expectTypeOf<Exact<typeof deeper, Event>>().toEqualTypeOf<false>();
  expectTypeOf<Exact<typeof exact, Changeable>>().toEqualTypeOf<false>();
});
