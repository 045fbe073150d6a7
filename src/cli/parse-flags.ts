import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "./usage-error.ts";

/**
 * `parseArgs` of Node.js, which takes the last one of a flag that is given twice: here that is told, as the one that
 * would be left out may be the one that was meant.
 * @throws what `parseArgs` throws; UsageError for a flag with a value that is given twice
 */
export function parseFlags<const T extends ParseArgsConfig>(
  config: T,
): ReturnType<typeof parseArgs<T>> {
  const { tokens } = parseArgs({ ...config, tokens: true });
  const seen = new Set<string>();
  for (const token of tokens ?? []) {
    if (token.kind !== "option" || token.value === undefined) continue;
    if (config.options?.[token.name]?.multiple === true) continue;
    if (seen.has(token.name)) throw new UsageError(`--${token.name} can be given once only`);
    seen.add(token.name);
  }
  return parseArgs(config);
}
