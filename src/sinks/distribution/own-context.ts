import { AsyncResource } from "node:async_hooks";
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";

/**
 * Runs what belongs to no call outside of the one that is under way: otherwise an instrumented ioredis would put our
 * commands into the application's traces.
 */
export function createOwnContext(): <T>(fn: () => T) => T {
  const resource = new AsyncResource("rlm-obs.distribution");
  return (fn) => resource.runInAsyncScope(() => context.with(suppressTracing(ROOT_CONTEXT), fn));
}
