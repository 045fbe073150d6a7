import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * A file that ships with this package, by its path from the package's root.
 *
 * @throws when the package is not where its code is, as in a bundle that is deployed alone.
 */
export function packageFile(path: string): URL {
  // by its own name: built code is not at the depth of its source
  const manifest = createRequire(import.meta.url).resolve(
    "@rlm-toolkit/observability/package.json",
  );
  return new URL(path, pathToFileURL(manifest));
}
