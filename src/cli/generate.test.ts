import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { artifacts } from "./artifacts.ts";
import { generate } from "./generate.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "rlm-generate-"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

test("writes every artifact, and then has nothing left to do", async () => {
  const paths = artifacts.map(({ path }) => path);
  expect(await generate({ check: false, root })).toEqual({ changed: paths });
  expect(await generate({ check: true, root })).toEqual({ changed: [] });
});

test("names what differs; --check writes nothing, the next run repairs it", async () => {
  await generate({ check: false, root });
  const file = join(root, "docs/metrics.md");
  await writeFile(file, "edited by hand\n");
  expect(await generate({ check: true, root })).toEqual({ changed: ["docs/metrics.md"] });
  expect(await readFile(file, "utf8")).toBe("edited by hand\n");
  expect(await generate({ check: false, root })).toEqual({ changed: ["docs/metrics.md"] });
  expect(await readFile(file, "utf8")).toContain("rlm_requests_total");
});
