import type { ObservabilityOptions } from "../../config/options.ts";
import type { DemoFlags } from "./flags.ts";
import type { DemoProvider, Environment } from "./provider.ts";

/** Options of the demo. What isn't set here comes from the environment, as in any application. */
export function demoOptions(
  { host, port }: DemoFlags,
  { kind }: Pick<DemoProvider, "kind">,
  { environment }: { readonly environment: Environment },
): ObservabilityOptions {
  const isNamed =
    environment["OTEL_SERVICE_NAME"] !== undefined ||
    environment["OTEL_RESOURCE_ATTRIBUTES"]?.includes("service.name=");
  return {
    ...(!isNamed && { serviceName: "rlm-demo" }),
    server: {
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port }),
    },
    // a line for each call would bury the summary; an empty variable counts as unset
    ...(!environment["RLM_LOG"]?.trim() && { log: { destination: "off" } }),
    // the simulated provider answers on loopback, where a call has no price otherwise
    ...(kind === "simulated" && { pricing: { privateHosts: true } }),
  };
}
