/**
 * One step of `npm run check`: a name and the commands that must all succeed. `needs` names an earlier step without
 * which this one can't say anything.
 *
 * @typedef {{ name: string, commands: readonly (readonly string[])[], needs?: string }} Step
 */

/** @type {readonly Step[]} */
export const steps = [
  { name: "format", commands: [["oxfmt", "--check"]] },
  { name: "lint", commands: [["oxlint", "--format", "unix"]] },
  { name: "types", commands: [["tsc", "-p", "tsconfig.json"]] },
  { name: "boundaries", commands: [["depcruise", "src", "--output-type", "err-long"]] },
  { name: "unused", commands: [["knip", "--no-progress"]] },
  {
    name: "build",
    commands: [
      ["node", "scripts/clean.js"],
      ["tsc", "-p", "tsconfig.build.json"],
      ["node", "scripts/bundle.js"],
    ],
  },
  {
    name: "tests",
    needs: "build",
    commands: [["vitest", "run", "--project", "unit", "--project", "contract"]],
  },
  {
    name: "generated",
    needs: "build",
    commands: [["node", "dist/cli/main.js", "generate", "--check"]],
  },
  {
    name: "api",
    needs: "build",
    commands: [
      ["api-extractor", "run"],
      ["api-extractor", "run", "--config", "api-extractor.testing.json"],
    ],
  },
  {
    name: "package",
    needs: "build",
    commands: [
      ["node", "scripts/pack.js"],
      ["publint", "temp/package.tgz", "--strict"],
      ["attw", "temp/package.tgz", "--profile", "esm-only"],
      ["size-limit"],
    ],
  },
];
