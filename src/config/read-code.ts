import { isPlainObject, type Refusal } from "./check.ts";
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
    const checked = definition.type.check(given);
    // a bad one counts as set, so that nobody reports it as missing too
    values.set(path, "value" in checked ? checked.value : given);
    if ("refused" in checked) problems.push(codeProblem(path, definition, given, checked.refused));
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

function codeProblem(
  path: OptionPath,
  definition: OptionDefinition<unknown>,
  given: unknown,
  refusal: Refusal,
): string {
  const expected = `expected ${definition.type.expected}`;
  const variables = definition.environment.map(variableName).join(", ");
  const name = variables === "" ? path : `${path} (${variables})`;
  return `${name}: ${expected}, got ${describeRefused(definition, given, refusal)}`;
}

/** Inside a record the first bad place is named; not in a secret one, whose names may be misplaced values. */
function describeRefused(
  { secret }: OptionDefinition<unknown>,
  given: unknown,
  { path, isUnknownField }: Refusal,
): string {
  const place = path.join(" → ");
  if (secret || place === "") return describeGiven(given, secret);
  if (isUnknownField) return `the unknown field ${place}`;
  return `${describeGiven(valueAt(given, path))} at ${place}`;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (parent, name) => (isPlainObject(parent) ? parent[name] : undefined),
    value,
  );
}

function isOptionPath(path: string): path is OptionPath {
  return (paths as readonly string[]).includes(path);
}
