// an application that is an ES module
import { createObservability } from "@rlm-toolkit/observability";
import { readPlan } from "./plan.js";
import { runScenarios } from "./run-scenarios.js";

const plan = readPlan();
const { load } = await import(plan.loader);
for (const shim of plan.shims) await load(shim);
const sdk = plan.specifier === undefined ? {} : await load(plan.specifier);
await runScenarios(plan, { sdk, observability: { createObservability } });
