import { join } from "node:path";

import { expect, test } from "vitest";

import { generate } from "../../src/cli/generate.ts";

test("regenerating leaves the tree as it is", async () => {
  const root = join(import.meta.dirname, "../..");
  const { changed } = await generate({ check: true, root });
  expect(changed, "run `npm run generate` and commit the result").toEqual([]);
});
