import { ObservabilityError } from "../errors/index.ts";
import type { ObservabilityOptions } from "./options.ts";
import { optionRows } from "./option-table.ts";
import { checkLangfuseKeys } from "./check-langfuse-keys.ts";
import { checkOtelVariables } from "./check-otel-variables.ts";
import { readCode } from "./read-code.ts";
import { type Environment, readEnvironment } from "./read-environment.ts";
import type { ResolvedConfig } from "./resolved-config.ts";

/** The settled options. */
export interface Resolution {
  readonly config: ResolvedConfig;
  /** One line for each bad environment variable; for the caller to report. */
  readonly warnings: readonly string[];
}

/**
 * Settles every option: code beats environment beats default.
 *
 * @throws ObservabilityError `CONFIGURATION_INVALID`, with every problem of `options` in one message.
 */
export function resolveConfig(
  options: ObservabilityOptions | undefined,
  env: Environment,
): Resolution {
  const code = readCode(options);
  const problems = [...code.problems];
  const warnings: string[] = [];
  const values = new Map<string, unknown>();
  let contentGuarded = true;
  for (const [path, definition] of optionRows) {
    if (code.values.has(path)) {
      values.set(path, code.values.get(path));
      continue;
    }
    const reading = readEnvironment(path, env);
    warnings.push(...reading.warnings);
    contentGuarded &&= !(definition.guardsContent && reading.warnings.length > 0);
    values.set(path, "value" in reading ? reading.value : definition.default);
  }
  if (!contentGuarded) values.set("content.capture", "off");
  const endpoint = values.get("otlp.tracesEndpoint") ?? values.get("otlp.endpoint");
  const sendsSpans = endpoint !== undefined && values.get("otlp.enabled") === true;
  warnings.push(...checkOtelVariables(env, sendsSpans));
  const unpaired = checkLangfuseKeys(values);
  if (unpaired) (code.values.has(unpaired.given) ? problems : warnings).push(unpaired.message);
  if (problems.length > 0) throw invalid(problems);
  return { config: nest(values), warnings };
}

function invalid(problems: readonly string[]): ObservabilityError {
  const list = problems.map((problem) => `\n  - ${problem}`).join("");
  return new ObservabilityError("CONFIGURATION_INVALID", `Invalid configuration:${list}`);
}

function nest(values: ReadonlyMap<string, unknown>): ResolvedConfig {
  const config: Record<string, unknown> = {};
  for (const [path, value] of values) {
    const [head = path, leaf] = path.split(".");
    if (leaf === undefined) config[head] = value;
    else config[head] = { ...(config[head] as object | undefined), [leaf]: value };
  }
  // the table covers exactly the options, each value passed its check: the types of option-table.ts hold this
  return config as ResolvedConfig;
}
