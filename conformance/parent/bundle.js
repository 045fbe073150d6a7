import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CACHE, install } from "./install.js";

const CHILD = join(import.meta.dirname, "../child");
const bundled = new Map();

/**
 * An application in one file, made by esbuild with the SDK inside, and with this package inside where the application
 * observes its clients itself; of a registered one it knows nothing. Returns the file.
 */
export function bundle(subject, { loader, shims, observed }) {
  const name = [
    subject.id,
    observed ? "observe" : "register",
    shims.length > 0 ? "shimmed" : "plain",
  ].join("-");
  if (!bundled.has(name)) bundled.set(name, build(name, { subject, loader, shims, observed }));
  return bundled.get(name);
}

async function build(name, { subject, loader, shims, observed }) {
  const folder = join(CACHE, "bundles");
  await mkdir(folder, { recursive: true });
  const { build: esbuild } = await (await loadFrom(await install("esbuild@0.28.2")))("esbuild");
  // beside the loader, so that packages are found where the loader finds them
  const resolveDir = join(fileURLToPath(loader), "..");
  const outfile = join(folder, `${name}.mjs`);
  await esbuild({
    stdin: {
      contents: source({ subject, shims, observed }),
      resolveDir,
      sourcefile: "bundled-application.js",
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // what CommonJS parts of a bundle ask for by require()
    banner: {
      js: 'import { createRequire as requireFor } from "node:module"; const require = requireFor(import.meta.url);',
    },
    external: ["@opentelemetry/sdk-node"],
    alias: observed ? { "@rlm-toolkit/observability": join(CHILD, "../../dist/index.js") } : {},
    logLevel: "error",
  });
  return outfile;
}

function source({ subject, shims, observed }) {
  const { specifier } = subject;
  return [
    ...shims.map((shim) => `import ${JSON.stringify(shim)};`),
    specifier === undefined
      ? "const sdk = {};"
      : `import * as sdk from ${JSON.stringify(specifier)};`,
    observed
      ? 'import { createObservability } from "@rlm-toolkit/observability";'
      : "const createObservability = undefined;",
    `import { readPlan } from ${JSON.stringify(join(CHILD, "plan.js"))};`,
    `import { runScenarios } from ${JSON.stringify(join(CHILD, "run-scenarios.js"))};`,
    "await runScenarios(readPlan(), { sdk, observability: { createObservability } });",
  ].join("\n");
}

async function loadFrom(folder) {
  const { load } = await import(join(folder, "load.js"));
  return load;
}
