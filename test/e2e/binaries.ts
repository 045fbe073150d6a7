import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

import { describe, expect, test } from "vitest";

/** Under which names a program may be installed: Debian calls Alertmanager after Prometheus. */
const NAMES = {
  prometheus: ["prometheus"],
  promtool: ["promtool"],
  alertmanager: ["prometheus-alertmanager", "alertmanager"],
  amtool: ["amtool"],
  "docker-compose": ["docker-compose"],
  "redis-server": ["redis-server"],
} as const;

export type Binary = keyof typeof NAMES;

/** Path of an installed program. */
export function findBinary(binary: Binary): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return NAMES[binary]
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(isExecutable);
}

/**
 * Path of a program that must be there.
 *
 * @throws Error that names the program and how to get it.
 */
export function binaryPath(binary: Binary): string {
  const path = findBinary(binary);
  if (path === undefined) throw new Error(missing([binary]));
  return path;
}

/**
 * `describe` for tests that start real programs. Where one is missing they are skipped by name; with `CI=true`,
 * where nobody would notice that, they fail.
 */
export function describeWith(binaries: readonly Binary[], title: string, define: () => void): void {
  const absent = binaries.filter((binary) => findBinary(binary) === undefined);
  if (absent.length === 0) {
    describe(title, define);
    return;
  }
  const reason = missing(absent);
  describe(title, () => {
    if (process.env["CI"] === "true") {
      test(reason, () => {
        expect(absent, reason).toEqual([]);
      });
      return;
    }
    console.warn(`Skipped: ${title}. ${reason}`);
    test.skip(reason, () => undefined);
  });
}

function missing(binaries: readonly Binary[]): string {
  return `Not installed: ${binaries.join(", ")}. Run test/e2e/setup.`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
