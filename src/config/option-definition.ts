import type { Check } from "./check.ts";

/** What values an option takes, and how a variable's text becomes one. */
export interface ValueType<T> {
  readonly check: Check<T>;
  /** Completes "expected …" in messages. */
  readonly expected: string;
  /** Text that can't be converted is returned as it is; `check` then refuses it. `undefined`: nothing set here. */
  readonly read: (text: string) => unknown;
}

/** A variable that doesn't hold the option's value as it is: another unit, the opposite, one part of a list. */
export interface EnvironmentVariable {
  readonly name: string;
  /** Completes "expected …" in messages. */
  readonly expected: string;
  readonly read: (text: string) => unknown;
  /** Said in the documentation, e.g. `in seconds`. */
  readonly note: string;
}

/** One row of the option table. */
export interface OptionDefinition<T> {
  readonly type: ValueType<T>;
  /** One sentence for `--help` and `docs/configuration.md`. */
  readonly doc: string;
  /** Strongest first. A plain name holds the option's value as it is. None: it can be set in code only. */
  readonly environment: readonly Variable[];
  /** Variables are merged by key, instead of the strongest one winning alone. */
  readonly merged?: true;
  readonly default?: T;
  readonly unit?: "ms" | "bytes" | "characters";
  /** It guards content: a bad variable switches content capture off, whatever else says. */
  readonly guardsContent?: true;
  /** It guards access: taken instead of the default where a variable can't be read, so that a typing error closes. */
  readonly whenUnreadable?: T;
  /** Its value never appears in a message. */
  readonly secret?: true;
}

type Variable = string | EnvironmentVariable;

/** The name of a variable, whichever way the table gives it. */
export function variableName(variable: Variable): string {
  return typeof variable === "string" ? variable : variable.name;
}
