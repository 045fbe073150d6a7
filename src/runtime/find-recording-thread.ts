import { existsSync } from "node:fs";
import { BUILD } from "./build.ts";
import { packageFile } from "./package-file.ts";
import { packageVersion } from "./package-version.ts";

/**
 * The program of the thread that records, of the same build as this code; `undefined` where there is none: in a bundle
 * that is deployed alone, or beside another version of this package, and in code that was not built.
 */
export function findRecordingThread(): URL | undefined {
  if (packageVersion() !== BUILD) return undefined;
  const file = packageFile("dist/recorder/thread.js");
  return existsSync(file) ? file : undefined;
}
