import { describeGiven } from "./describe-given.ts";
import { nearestName } from "./nearest-name.ts";
import { type OptionDefinition, variableName } from "./option-definition.ts";
import type { OptionPath } from "./option-path.ts";
import { optionRows } from "./option-table.ts";

/** What an options object says, path by path, and what is wrong with it. */
export interface CodeOptions {
  readonly values: ReadonlyMap<OptionPath, unknown>;
  readonly problems: readonly string[];
}

const paths = optionRows.map(([path]) => path);
const sections = [...new Set(paths.flatMap((path) => path.split(".").slice(0, -1)))];

/** Reads an options object without trusting its type: plain JavaScript calls this too. */
export function readCode(options: unknown): CodeOptions {
  if (options === undefined) return { values: new Map(), problems: [] };
  const flat = new Map<string, unknown>();
  const problems = flatten(options, flat);
  const values = new Map<OptionPath, unknown>();
  for (const [path, definition] of optionRows) {
    const given = flat.get(path);
    if (given === undefined) continue;
    const parsed = definition.type.schema.safeParse(given);
    // a bad one counts as set, so that nobody reports it as missing too
    values.set(path, parsed.success ? parsed.data : given);
    if (!parsed.success) problems.push(codeProblem(path, definition, given, parsed.error.issues));
  }
  return { values, problems };
}

function flatten(options: unknown, flat: Map<string, unknown>, section = ""): string[] {
  if (!isPlainObject(options)) {
    return [`${section || "options"}: expected an object, got ${describeGiven(options)}`];
  }
  const problems: string[] = [];
  for (const [key, value] of Object.entries(options)) {
    const path = section ? `${section}.${key}` : key;
    if (value === undefined) continue;
    if (!section && sections.includes(key)) problems.push(...flatten(value, flat, key));
    else if (isOptionPath(path)) flat.set(path, value);
    else problems.push(unknownOption(path));
  }
  return problems;
}

function unknownOption(path: string): string {
  const nearest = nearestName(path, [...paths, ...sections]);
  return `${path} is not an option${nearest ? `; did you mean ${nearest}?` : ""}`;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly code?: string;
  readonly keys?: readonly string[];
}

function codeProblem(
  path: OptionPath,
  definition: OptionDefinition<unknown>,
  given: unknown,
  issues: readonly Issue[],
): string {
  const expected = `expected ${definition.type.expected}`;
  const variables = definition.environment.map(variableName).join(", ");
  return `${path} (${variables}): ${expected}, got ${describeIssue(definition, given, issues[0])}`;
}

/** Inside a record the first bad place is named; not in a secret one, whose names may be misplaced values. */
function describeIssue(
  { secret }: OptionDefinition<unknown>,
  given: unknown,
  issue: Issue | undefined,
): string {
  if (secret || !issue || !isPlainObject(given)) return describeGiven(given, secret);
  const place = issue.path.map(String).join(" → ");
  if (issue.keys) return `the unknown field ${[place, ...issue.keys].join(" → ")}`;
  return place ? `${describeGiven(valueAt(given, issue.path))} at ${place}` : describeGiven(given);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (parent, key) => (isPlainObject(parent) ? parent[String(key)] : undefined),
    value,
  );
}

function isOptionPath(path: string): path is OptionPath {
  return (paths as readonly string[]).includes(path);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
