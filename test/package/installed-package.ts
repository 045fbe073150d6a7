import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type ProcessEnd, runNode, runProcess } from "../support/run-process.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const APPS = fileURLToPath(new URL("apps", import.meta.url));
const COMPILER = join(ROOT, "node_modules/typescript/bin/tsc");

const packReport = z
  .array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }))
  .length(1);

/** A folder where the packed tarball is installed, as in an application of a user. */
export interface InstalledPackage {
  readonly folder: string;
  /** What the tarball holds. */
  readonly files: readonly string[];
  /** Runs a program of `apps/`, with every server on a free port. */
  runApp(name: string): Promise<ProcessEnd>;
  /** Runs the command `rlm-obs`. */
  runCommand(...parameters: string[]): Promise<ProcessEnd>;
  /** Type-checks `apps/app.ts`. */
  typeCheck(): Promise<ProcessEnd>;
  remove(): Promise<void>;
}

/**
 * Packs what is built, and installs it into an empty folder with the SDK of `openai` that is developed against.
 * What npm has cached needs no network.
 */
export async function installPackage(): Promise<InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), "rlm-package-"));
  const { filename, files } = await pack(folder);
  const manifest = { name: "app", private: true, type: "module" };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await cp(APPS, folder, { recursive: true });
  await npm(folder, [
    "install",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    `./${filename}`,
    "openai@6",
    "@types/node@20",
  ]);

  const environment = { OTEL_EXPORTER_PROMETHEUS_PORT: "0", RLM_LOG: "off" };
  return {
    folder,
    files: files.map(({ path }) => path),
    runApp: (name) => runNode([name], { cwd: folder, environment }),
    runCommand: (...parameters) =>
      runProcess(join(folder, "node_modules/.bin/rlm-obs"), parameters, {
        cwd: folder,
        environment,
      }),
    typeCheck: () => runNode([COMPILER, "--project", "."], { cwd: folder }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What is built already: building again would pull it away under tests that run meanwhile. */
async function pack(folder: string) {
  const parameters = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const [report] = packReport.parse(JSON.parse(await npm(ROOT, parameters)));
  if (!report) throw new Error("npm pack reported no tarball");
  return report;
}

async function npm(cwd: string, parameters: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProcess("npm", parameters, { cwd, timeoutMs: 150_000 });
  if (code !== 0) throw new Error(`npm ${parameters[0]} failed (${code}):\n${stdout}${stderr}`);
  return stdout;
}
