import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");
export const CACHE = join(ROOT, "temp/conformance");
const LOADER = "export const load = (specifier) => import(specifier);\n";

/** Where the development dependencies are loaded from. */
export const ownLoader = pathToFileURL(join(import.meta.dirname, "../child/load.js")).href;

const installed = new Map();

/** Installs packages into a folder of their own, once, and returns the folder. */
export function install(...packages) {
  const name = packages.join("+").replaceAll(/[^\w.+-]/g, "_");
  if (!installed.has(name)) installed.set(name, installOnce(join(CACHE, name), packages));
  return installed.get(name);
}

async function installOnce(folder, packages) {
  const marker = join(folder, "load.js");
  if (existsSync(marker)) return folder;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  await run(
    "npm",
    [
      "install",
      "--prefix",
      folder,
      "--no-audit",
      "--no-fund",
      "--no-save",
      "--ignore-scripts",
      ...packages,
    ],
    { timeout: 300_000 },
  );
  // last: its presence says that all is there
  await writeFile(marker, LOADER);
  return folder;
}

/** The module that loads what is installed in `folder`. */
export const loaderOf = (folder) => pathToFileURL(join(folder, "load.js")).href;

/** The binary of a Node.js major; the npm package `node` brings it. */
export async function nodeBinary(major) {
  if (major === "current") return process.execPath;
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const folder = await install(`${name}@${major}`);
  return join(
    folder,
    "node_modules",
    name,
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
}

/** Another copy of this package, as a dependency tree may bring one. */
export async function secondCopy(folder) {
  const copy = join(folder, "second-copy");
  await mkdir(copy, { recursive: true });
  for (const part of ["package.json", "dist", "grafana", "prometheus"]) {
    await cp(join(ROOT, part), join(copy, part), { recursive: true });
  }
  return pathToFileURL(join(copy, "dist/index.js")).href;
}

/** A folder of this run's own, below the package, so that what lies in it finds the package's dependencies. */
export async function scratchFolder() {
  await mkdir(CACHE, { recursive: true });
  return mkdtemp(join(CACHE, "run-"));
}
