import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { artifacts } from "./artifacts.ts";

export interface GenerateOptions {
  /** Compares only and writes nothing. */
  readonly check: boolean;
  /** The folder that the paths of the artifacts start from. */
  readonly root: string;
}

export interface GenerateResult {
  /** Paths, relative to `root`, whose content was not what it should be. */
  readonly changed: string[];
}

/**
 * Writes every generated file that is missing or out of date.
 *
 * @throws ObservabilityError `PEER_MISSING` when the Grafana SDK is not installed.
 */
export async function generate({ check, root }: GenerateOptions): Promise<GenerateResult> {
  // All are rendered before the first is written: a failure must not leave half a set behind.
  const rendered = await Promise.all(
    artifacts.map(async ({ path, render }) => ({ path, content: await render() })),
  );
  const changed: string[] = [];
  for (const { path, content } of rendered) {
    const file = join(root, path);
    if ((await readIfPresent(file)) === content) continue;
    changed.push(path);
    if (!check) await write(file, content);
  }
  return { changed };
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function write(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
