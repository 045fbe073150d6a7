import { describeGiven } from "./describe-given.ts";
import { parseKeyValueList } from "./key-value-list.ts";
import type { Environment } from "./read-environment.ts";
import { numberOrText } from "./value-types.ts";

const SAMPLERS: ReadonlySet<string> = new Set([
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
]);

/**
 * One line for each variable that is no option of ours, that OTel's SDK reads, and whose value it would pass over in
 * silence.
 */
export function checkOtelVariables(env: Environment): readonly string[] {
  return [checkSampler(env), checkSamplerArgument(env), checkResource(env)].filter(
    (warning) => warning !== undefined,
  );
}

function checkSampler(env: Environment): string | undefined {
  const sampler = valueOf(env, "OTEL_TRACES_SAMPLER");
  if (sampler === undefined || SAMPLERS.has(sampler)) return undefined;
  const known = [...SAMPLERS].join(", ");
  return `OTEL_TRACES_SAMPLER: expected one of ${known}, got ${describeGiven(sampler)}; every trace is sampled`;
}

function checkSamplerArgument(env: Environment): string | undefined {
  const sampler = valueOf(env, "OTEL_TRACES_SAMPLER");
  const ratio = valueOf(env, "OTEL_TRACES_SAMPLER_ARG");
  if (sampler?.endsWith("traceidratio") !== true) return undefined;
  if (ratio !== undefined && Number(ratio) >= 0 && Number(ratio) <= 1) return undefined;
  const given = ratio === undefined ? "nothing" : describeGiven(numberOrText(ratio));
  return `OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, got ${given}; every trace is sampled`;
}

function checkResource(env: Environment): string | undefined {
  const attributes = valueOf(env, "OTEL_RESOURCE_ATTRIBUTES");
  if (attributes === undefined || parseKeyValueList(attributes)) return undefined;
  return (
    "OTEL_RESOURCE_ATTRIBUTES: expected name=value,name2=value2 with percent-encoded values; " +
    "serviceName, serviceVersion and environment are not taken from it"
  );
}

function valueOf(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}
