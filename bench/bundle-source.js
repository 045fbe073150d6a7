// What the package does not export, for what measures its inside: one file of the bench, bundled with the sources.
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { buildVersion } from "../scripts/build-version.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The bundle of `name`, a file beside this one; it is deleted by `remove()`. */
export async function bundleSource(name) {
  // inside of the package, which finds its own files by its name
  const folder = await mkdtemp(join(ROOT, "temp-bench-"));
  const bundle = await rolldown({
    input: { worker: fileURLToPath(new URL(name, import.meta.url)) },
    external: /^[^./]/,
    platform: "node",
    transform: { target: "es2022" },
    // it is of the build in `dist`, whose thread it starts
    plugins: [buildVersion],
  });
  await bundle.write({ dir: folder, format: "esm", chunkFileNames: "[name].js" });
  await bundle.close();
  return {
    path: join(folder, "worker.js"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
