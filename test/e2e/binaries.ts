import { accessSync, constants, readdirSync, statSync } from "node:fs";
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
  openssl: ["openssl"],
  postgres: ["postgres"],
  curl: ["curl"],
} as const;

const POSTGRES_VERSIONS = "/usr/lib/postgresql";

export type Binary = keyof typeof NAMES;

/** Path of an installed program. */
export function findBinary(binary: Binary): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...postgresFolders()];
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

/** Debian keeps the programs of each PostgreSQL version in a folder of their own, which is not on PATH; newest first. */
function postgresFolders(): string[] {
  try {
    const versions = readdirSync(POSTGRES_VERSIONS).toSorted((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(POSTGRES_VERSIONS, version, "bin"));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
