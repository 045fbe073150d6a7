import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { SECRET_KEYS } from "../../src/redaction/key-matcher.ts";
import { attribute, redactionPatterns } from "../../src/semconv/index.ts";

const page = await readFile(new URL("../../docs/content.md", import.meta.url), "utf8");

test("docs/content.md has each redaction rule with what it takes out", () => {
  const rows = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const documented = rows.filter(
    ([, name]) => (name?.replaceAll("`", "") as string) in redactionPatterns,
  );
  expect(
    Object.fromEntries(documented.map(([, name, doc]) => [name?.replaceAll("`", ""), doc])),
  ).toEqual(redactionPatterns);
});

test.each(SECRET_KEYS)("docs/content.md names the secret field %s", (key) => {
  const name = key === "credentials" ? "credential(s)" : key.replaceAll(" ", "_");
  expect(page).toContain(key === "credential" ? "`credential(s)`" : `\`${name}\``);
});

test("docs/content.md names every attribute that may hold content", () => {
  const { inputMessages, outputMessages, systemInstructions, toolDefinitions } = attribute;
  const { toolCallArguments, toolCallResult, retrievalQueryText } = attribute;
  const ofCalls = [inputMessages, outputMessages, systemInstructions, toolDefinitions];
  for (const name of [...ofCalls, toolCallArguments, toolCallResult, retrievalQueryText]) {
    expect(page).toContain(`\`${name}\``);
  }
});
