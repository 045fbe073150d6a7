// Puts the version of the package into `src/runtime/build.ts`, by which code knows the files that were built with it.
import { readFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

export const buildVersion = {
  name: "build-version",
  transform: (code, id) =>
    id.endsWith("src/runtime/build.ts")
      ? code.replace('"source"', JSON.stringify(version))
      : undefined,
};
