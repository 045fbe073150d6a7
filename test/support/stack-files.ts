import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

export const ROOT = join(import.meta.dirname, "../..");

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The files are ours: what a test reads of them is typed where it reads it. */
export function readYaml(path: string): unknown {
  return parse(readText(path), { merge: true });
}

/** Paths relative to the root. */
export function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).map((file) => join(folder, file));
}

export interface Service {
  readonly profiles?: readonly string[];
  readonly image?: string;
  readonly build?: unknown;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly extra_hosts?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

/** The compose file as it is written: variables are not replaced. */
export function readCompose(): { readonly services: Readonly<Record<string, Service>> } {
  return readYaml("docker-compose.yml") as { services: Record<string, Service> };
}
