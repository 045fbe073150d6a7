import { variableName } from "./option-definition.ts";
import type { OptionPath } from "./option-path.ts";
import { optionTable } from "./option-table.ts";

const PUBLIC = "langfuse.publicKey";
const SECRET = "langfuse.secretKey";

/** One Langfuse key without the other. */
export interface UnpairedKey {
  readonly given: OptionPath;
  readonly message: string;
}

/** Finds a lone key, and takes it out of `values`: half a pair can't authenticate. */
export function checkLangfuseKeys(values: Map<string, unknown>): UnpairedKey | undefined {
  const hasPublic = values.get(PUBLIC) !== undefined;
  if (hasPublic === (values.get(SECRET) !== undefined)) return undefined;
  const [given, missing] = hasPublic ? ([PUBLIC, SECRET] as const) : ([SECRET, PUBLIC] as const);
  values.set(given, undefined);
  return {
    given,
    message: `${named(missing)}: expected with ${named(given)}, got nothing; Langfuse stays off`,
  };
}

function named(path: typeof PUBLIC | typeof SECRET): string {
  return `${path} (${optionTable[path].environment.map(variableName).join(", ")})`;
}
