import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { wireReaders } from "../../src/wire/index.ts";

const page = readFileSync(new URL("../../docs/wire-formats.md", import.meta.url), "utf8");

test("the page of wire formats has a line for each, and for no other", () => {
  const listed = [...page.matchAll(/^\|[^|]+\| `([a-z_]+\.[a-z_]+)`/gm)].map(
    (match) => match[1] ?? "",
  );
  expect(listed.toSorted()).toEqual(wireReaders.map(({ format }) => format).toSorted());
});
