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

/** What `OTEL_TRACES_EXPORTER` may list and is heeded. */
const EXPORTERS: ReadonlySet<string> = new Set(["otlp", "none"]);

/** Who sends JSON by HTTP is understood by receivers of both. */
const PROTOCOLS: ReadonlySet<string> = new Set(["http/json", "http/protobuf"]);

const COMPRESSIONS: ReadonlySet<string> = new Set(["gzip", "none"]);

/**
 * One line for each variable that OTel's SDK reads, and whose value would be passed over in silence. `sendsSpans`: there
 * is an endpoint to send them to.
 */
export function checkOtelVariables(env: Environment, sendsSpans: boolean): readonly string[] {
  return [
    checkSampler(env),
    checkSamplerArgument(env),
    checkResource(env),
    checkExporter(env),
    sendsSpans ? checkProtocol(env) : undefined,
    sendsSpans ? checkCompression(env) : undefined,
  ].filter((warning) => warning !== undefined);
}

function checkExporter(env: Environment): string | undefined {
  const exporters = valueOf(env, "OTEL_TRACES_EXPORTER")?.split(",") ?? [];
  if (exporters.every((word) => EXPORTERS.has(word.trim()))) return undefined;
  return (
    "OTEL_TRACES_EXPORTER: expected otlp or none, got another one; this package sends spans by OTLP alone, " +
    "to the endpoint that is set, if one is"
  );
}

function checkCompression(env: Environment): string | undefined {
  const name = ofTracesOrAll(env, "COMPRESSION");
  if (name === undefined || COMPRESSIONS.has(valueOf(env, name) ?? "")) return undefined;
  return `${name}: expected ${[...COMPRESSIONS].join(" or ")}, got ${describeGiven(valueOf(env, name))}; spans are sent as they are`;
}

/** The variable that is set, the one for traces before the one for all. */
function ofTracesOrAll(env: Environment, what: string): string | undefined {
  return [`OTEL_EXPORTER_OTLP_TRACES_${what}`, `OTEL_EXPORTER_OTLP_${what}`].find(
    (name) => valueOf(env, name) !== undefined,
  );
}

function checkProtocol(env: Environment): string | undefined {
  const name = ofTracesOrAll(env, "PROTOCOL");
  if (name === undefined || PROTOCOLS.has(valueOf(env, name) ?? "")) return undefined;
  return `${name}: expected ${[...PROTOCOLS].join(" or ")}, got ${describeGiven(valueOf(env, name))}; spans go by HTTP, which the port of gRPC (4317) refuses`;
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
