import { nearestName } from "./nearest-name.ts";

/** What is wrong with a value, such as `must be a number`, or `undefined`. */
export type Check = (value: unknown) => string | undefined;

/** The fields that an object may have. */
export type Checks = Readonly<Record<string, Check>>;

type Fields = Readonly<Record<string, unknown>>;

const MAX_NAME_LENGTH = 100;

/** All that is wrong with an object that a program without types may have made, names that it doesn't have among it. */
export function fieldsProblem(fields: Fields, checks: Checks): string | undefined {
  const problems = Object.entries(fields).flatMap(([name, value]) => {
    if (!Object.hasOwn(checks, name)) {
      return `\`${shortened(name)}\` is no option${hint(name, Object.keys(checks))}`;
    }
    const problem = value === undefined ? undefined : checks[name]?.(value);
    return problem === undefined ? [] : `\`${name}\` ${problem}`;
  });
  return problems.length === 0 ? undefined : problems.join("; ");
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function expected(what: string, ok: boolean): string | undefined {
  return ok ? undefined : `must be ${what}`;
}

/** For a list of known words; `what` is one of them, such as `event type`. */
export function listProblem(
  value: unknown,
  known: readonly string[],
  what: string,
): string | undefined {
  if (!Array.isArray(value)) return `must be a list of ${what}s`;
  const unknown: unknown = value.find((item) => !known.includes(item as string));
  if (unknown === undefined && !value.includes(undefined)) return undefined;
  if (typeof unknown !== "string") return `must be a list of ${what}s`;
  return `has \`${shortened(unknown)}\`, which is no ${what}${hint(unknown, known)}`;
}

function hint(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(shortened(name), candidates);
  return nearest === undefined ? "" : `; did you mean \`${nearest}\`?`;
}

function shortened(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH);
}
