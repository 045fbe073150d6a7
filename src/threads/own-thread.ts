import type { WorkerOptions } from "node:worker_threads";
import { withoutPreloads } from "./without-preloads.ts";

/**
 * How a thread of ours is started: with the environment of the application and without the modules that it has loaded
 * before itself. Those may be an instrumentation that would observe us, or this package, which would observe itself.
 */
export function ownThread(
  environment: NodeJS.ProcessEnv = process.env,
): Pick<WorkerOptions, "execArgv" | "env"> {
  const { NODE_OPTIONS: given = "", ...env } = environment;
  const options = withoutPreloads(given);
  return { execArgv: [], env: options === "" ? env : { ...env, NODE_OPTIONS: options } };
}
