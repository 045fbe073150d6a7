import type * as z from "zod";

/** `T` as it is in an event: nothing in it can be changed. */
type DeepReadonly<T> = unknown extends T
  ? T
  : T extends string | number | boolean | undefined
    ? T
    : { readonly [K in keyof T]: DeepReadonly<T[K]> };

// assignability in both directions is not enough: it overlooks `readonly`, and `?` beside `| undefined`
// and two functions of a type that nobody chose are the same only if what they give is the same
// oxlint-disable typescript/no-unnecessary-type-parameters
type Identical<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
// oxlint-enable typescript/no-unnecessary-type-parameters

/** `true` when what the schema reads is exactly a `T`, optional and possibly undefined fields told apart. */
export type Exact<Schema extends z.ZodType, T> = Identical<DeepReadonly<z.output<Schema>>, T>;
