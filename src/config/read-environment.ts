import { describeGiven } from "./describe-given.ts";
import {
  type EnvironmentVariable,
  type OptionDefinition,
  variableName,
} from "./option-definition.ts";
import type { OptionPath } from "./option-path.ts";
import { optionTable } from "./option-table.ts";
import { numberOrText } from "./value-types.ts";

/** Environment variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says of one option; no `value`: nothing, or nothing usable. */
export interface EnvironmentReading {
  readonly value?: unknown;
  readonly warnings: readonly string[];
}

/** Reads the strongest variable that is set; empty ones count as unset, a bad one gives way to the default. */
export function readEnvironment(path: OptionPath, env: Environment): EnvironmentReading {
  const definition: OptionDefinition<unknown> = optionTable[path];
  const readings = definition.environment
    .map((variable) => readVariable(asVariable(variable, definition), path, env))
    .filter((reading) => reading !== undefined);
  const used = definition.merged ? readings : readings.slice(0, 1);
  const warnings = used.flatMap((reading) => reading.warnings);
  const values = used.filter((reading) => "value" in reading).map((reading) => reading.value);
  if (values.length === 0) return { warnings };
  return { value: definition.merged ? merge(values) : values[0], warnings };
}

function readVariable(
  variable: EnvironmentVariable,
  path: OptionPath,
  env: Environment,
): EnvironmentReading | undefined {
  const definition: OptionDefinition<unknown> = optionTable[path];
  const text = env[variable.name]?.trim();
  const raw = text ? variable.read(text) : undefined;
  if (raw === undefined) return undefined;
  const checked = definition.type.check(raw);
  if ("value" in checked) return { value: checked.value, warnings: [] };
  const given = describeGiven(numberOrText(text ?? ""), definition.secret);
  return {
    ...("whenUnreadable" in definition && { value: definition.whenUnreadable }),
    warnings: [
      `${variable.name}: expected ${variable.expected}, got ${given}; ${fallback(path, definition)}`,
    ],
  };
}

function fallback(path: OptionPath, definition: OptionDefinition<unknown>): string {
  if (definition.guardsContent) return "content capture is off";
  if ("whenUnreadable" in definition) return "access is closed until it is mended";
  if (definition.default === undefined) return `${path} stays unset`;
  const unit = definition.unit ? ` ${definition.unit}` : "";
  return `${path} keeps its default, ${JSON.stringify(definition.default)}${unit}`;
}

function asVariable(
  variable: string | EnvironmentVariable,
  { type }: OptionDefinition<unknown>,
): EnvironmentVariable {
  if (typeof variable !== "string") return variable;
  return { name: variableName(variable), expected: type.expected, read: type.read, note: "" };
}

function merge(strongestFirst: readonly unknown[]): unknown {
  return Object.assign({}, ...strongestFirst.toReversed());
}
