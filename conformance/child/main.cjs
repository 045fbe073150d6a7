// an application that is CommonJS
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { createObservability } = require("@rlm-toolkit/observability");

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const load = createRequire(plan.loader);
for (const shim of plan.shims) load(shim);
const sdk = plan.specifier === undefined ? {} : load(plan.specifier);
void import("./run-scenarios.js").then(({ runScenarios }) =>
  runScenarios(plan, { sdk, observability: { createObservability } }),
);
