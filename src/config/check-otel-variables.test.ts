import { describe, expect, it } from "vitest";
import { checkOtelVariables } from "./check-otel-variables.ts";

describe("a value that OTel's SDK would pass over in silence", () => {
  it.each([
    [
      { OTEL_TRACES_SAMPLER: "sometimes" },
      /^OTEL_TRACES_SAMPLER: .*always_on.*got a text; every trace/,
    ],
    [
      { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "10%" },
      /^OTEL_TRACES_SAMPLER_ARG: .*from 0 to 1, got a text/,
    ],
    [
      { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "1.5" },
      /^OTEL_TRACES_SAMPLER_ARG: .*got the number 1\.5/,
    ],
    [{ OTEL_TRACES_SAMPLER: "traceidratio" }, /^OTEL_TRACES_SAMPLER_ARG: .*got nothing/],
    [{ OTEL_RESOURCE_ATTRIBUTES: "service.name=a,b" }, /^OTEL_RESOURCE_ATTRIBUTES: /],
    [{ OTEL_RESOURCE_ATTRIBUTES: "team=%zz" }, /^OTEL_RESOURCE_ATTRIBUTES: /],
    [{ OTEL_TRACES_EXPORTER: "console" }, /^OTEL_TRACES_EXPORTER: expected otlp or none/],
    [{ OTEL_TRACES_EXPORTER: "otlp, zipkin" }, /^OTEL_TRACES_EXPORTER: expected otlp or none/],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, /^OTEL_EXPORTER_OTLP_PROTOCOL: .*http.*4317/],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: "zstd" }, /^OTEL_EXPORTER_OTLP_COMPRESSION: .*gzip/],
    [
      {
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "grpc",
      },
      /^OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: /,
    ],
  ])("%j is warned about by name", (env, message) => {
    const warnings = checkOtelVariables(env, true);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(message);
  });

  it.each([
    {},
    { OTEL_TRACES_SAMPLER: " ", OTEL_RESOURCE_ATTRIBUTES: "" },
    { OTEL_TRACES_SAMPLER: "always_off", OTEL_TRACES_SAMPLER_ARG: "unused" },
    { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.25" },
    { OTEL_RESOURCE_ATTRIBUTES: "service.name=a,team=b%20c" },
    { OTEL_TRACES_EXPORTER: "none" },
    { OTEL_TRACES_EXPORTER: " otlp " },
    { OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" },
    { OTEL_EXPORTER_OTLP_COMPRESSION: "gzip" },
    { OTEL_EXPORTER_OTLP_COMPRESSION: "zstd", OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: "none" },
    { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json" },
  ])("%j is not", (env) => {
    expect(checkOtelVariables(env, true)).toEqual([]);
  });

  it("is not about how spans go while none do", () => {
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_COMPRESSION: "zstd" };
    expect(checkOtelVariables(env, false)).toEqual([]);
  });

  it("is not repeated where it may be a secret", () => {
    const [warning] = checkOtelVariables(
      { OTEL_RESOURCE_ATTRIBUTES: "token=hunter2,broken" },
      false,
    );
    expect(warning).not.toContain("hunter2");
  });
});
