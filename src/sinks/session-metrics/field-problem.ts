import { isEventType } from "../../events/index.ts";

const MAX_NAME_LENGTH = 100;

/** Why it can be no field, or `undefined`; a typo in a type would be a field that never changes. */
export function fieldProblem(name: unknown, field: unknown): string | undefined {
  if (typeof name !== "string" || name === "" || name.length > MAX_NAME_LENGTH) {
    return `its name must be a text of 1 to ${MAX_NAME_LENGTH} characters`;
  }
  if (typeof field !== "object" || field === null) {
    return "it must be an object with types, initial and fold";
  }
  const { types, initial, fold, ...more } = field as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(more);
  if (unknown !== undefined) return `"${unknown}" is none of types, initial and fold`;
  if (typeof fold !== "function") return "fold must be a function";
  if (!isValue(initial)) return "initial must be a text, a finite number or a boolean";
  return typesProblem(types);
}

function isValue(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

function typesProblem(types: unknown): string | undefined {
  if (!isTexts(types) || types.length === 0) return "types must be a list of event types";
  const unknown = types.find((type) => !isEventType(type));
  return unknown === undefined ? undefined : `"${unknown}" is no event type`;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
