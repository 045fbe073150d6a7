// Packs what is built, once, for all package checks: temp/package.tgz.
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "temp";

mkdirSync(FOLDER, { recursive: true });
const report = execFileSync(
  "npm",
  ["pack", "--ignore-scripts", "--json", "--pack-destination", FOLDER],
  { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
);
renameSync(join(FOLDER, JSON.parse(report)[0].filename), join(FOLDER, "package.tgz"));
