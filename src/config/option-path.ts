import type { ObservabilityOptions } from "./options.ts";

/** A section groups options (`server`); anything else, a record, a list or a function, is one option. */
type IsSection<T> = T extends readonly unknown[] | ((text: string) => unknown)
  ? false
  : T extends object
    ? string extends keyof T
      ? false
      : true
    : false;

type LeafPath<T, Prefix extends string = ""> = {
  [K in keyof T & string]-?: IsSection<NonNullable<T[K]>> extends true
    ? LeafPath<NonNullable<T[K]>, `${Prefix}${K}.`>
    : `${Prefix}${K}`;
}[keyof T & string];

type ValueAt<T, Path extends string> = Path extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? ValueAt<NonNullable<T[Head]>, Rest>
    : never
  : Path extends keyof T
    ? NonNullable<T[Path]>
    : never;

/** Every option by its path, e.g. `server.port`. Derived from `ObservabilityOptions`, so it can't miss one. */
export type OptionPath = LeafPath<ObservabilityOptions>;

/** The type of the option at `Path`. */
export type OptionValue<Path extends OptionPath> = ValueAt<ObservabilityOptions, Path>;

/** `T` with every section present; `Filled` names the paths that are never undefined. */
export type Resolved<T, Filled extends string, Prefix extends string = ""> = {
  readonly [K in keyof T & string]-?: IsSection<NonNullable<T[K]>> extends true
    ? Resolved<NonNullable<T[K]>, Filled, `${Prefix}${K}.`>
    : `${Prefix}${K}` extends Filled
      ? NonNullable<T[K]>
      : NonNullable<T[K]> | undefined;
};
