import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import type { OtelConfig } from "./otel-config.ts";

/**
 * The process as telemetry names it. Code beats `OTEL_RESOURCE_ATTRIBUTES`. Neither host nor process are detected:
 * the command line of a process is a usual place for secrets.
 */
export function createResource(
  config: Pick<OtelConfig, "serviceName" | "serviceVersion" | "environment">,
): Resource {
  return defaultResource()
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(
      resourceFromAttributes({
        "service.name": config.serviceName,
        ...(config.serviceVersion && { "service.version": config.serviceVersion }),
        ...(config.environment && { "deployment.environment.name": config.environment }),
      }),
    );
}
