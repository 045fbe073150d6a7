import { type Check, recordOf } from "./check.ts";
import type { ValueType } from "./option-definition.ts";

/** It stands in the mark of what was taken out. */
const NAME = /^[a-zA-Z0-9][\w-]{0,63}$/;

/** Regular expressions by name; as JSON in the environment. */
export function namedPatterns(): ValueType<Readonly<Record<string, RegExp | string>>> {
  return {
    check: recordOf((name) => NAME.test(name), isPattern),
    expected:
      "by name (letters, digits, - and _) a regular expression, or its text " +
      "(in the environment: as JSON)",
    read: (text) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return text;
      }
    },
  };
}

const isPattern: Check<RegExp | string> = (value) => {
  if (value instanceof RegExp) return { value };
  return typeof value === "string" && value !== "" && compiles(value)
    ? { value }
    : { refused: { path: [] } };
};

function compiles(source: string): boolean {
  try {
    return new RegExp(source, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
