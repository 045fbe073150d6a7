import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { categoryOf, serializeEvent } from "../../src/events/index.ts";
import { parseEvent, parseEventText } from "../../src/schemas/index.ts";
import { arbitraryEvent } from "../support/arbitrary-event.ts";

const FOLDER = new URL("../../schemas/events/v1/", import.meta.url);
const types = Object.keys(categoryOf);
const names = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ""));

// strict: a keyword that ajv doesn't know is an error; `type` may be several
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const validators = new Map(names.map((name) => [name, ajv.compile(schemaOf(name))]));

function schemaOf(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as never;
}

function isValid(name: string, value: unknown): boolean {
  return validators.get(name)?.(value) === true;
}

function isReadable(value: unknown): boolean {
  try {
    parseEvent(value);
    return true;
  } catch {
    return false;
  }
}

/** Every description in a schema, at any depth. */
function descriptionsOf(schema: unknown): unknown[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) =>
    key === "description" && typeof value === "string" ? [value] : descriptionsOf(value),
  );
}

test("there is a schema for each type of event, and one for all", () => {
  expect(names.toSorted()).toEqual([...types, "event"].toSorted());
});

test.each(names)("%s: every field is described, in words without markup", (name) => {
  const descriptions = descriptionsOf(schemaOf(name));
  expect(descriptions.length).toBeGreaterThan(10);
  for (const description of descriptions) expect(description).toMatch(/^[^`\]]+[.]$/);
});

describe("events and schemas", () => {
  test("whatever an event holds, its schema and that of all take it, and no other does", () => {
    fc.assert(
      fc.property(arbitraryEvent(), fc.constantFrom(...types), (event, other) => {
        const written: unknown = JSON.parse(serializeEvent(event));
        expect([isValid(event.type, written), isValid("event", written)]).toEqual([true, true]);
        expect(isValid(other, written)).toBe(other === event.type);
      }),
      { numRuns: 300 },
    );
  });

  test("what one field makes invalid is refused by parseEvent and by the schemas alike", () => {
    const junk = fc.oneof(fc.constant(undefined), fc.jsonValue({ maxDepth: 1 }));
    fc.assert(
      fc.property(arbitraryEvent(), fc.nat(), fc.nat(), junk, (event, pick, inner, value) => {
        const written = JSON.parse(serializeEvent(event)) as Record<string, unknown>;
        const field = (fields: readonly string[], at: number) => fields[at % fields.length] ?? "";
        const name = field(Object.keys(written), pick);
        // a version or type that is not known is another matter
        fc.pre(name !== "schemaVersion" && name !== "type");
        const data = written.data as Record<string, unknown>;
        const changed =
          name === "data" && Object.keys(data).length > 0
            ? { ...written, data: { ...data, [field(Object.keys(data), inner)]: value } }
            : { ...written, [name]: value };
        const sent: unknown = JSON.parse(JSON.stringify(changed));
        expect([isValid(event.type, sent), isValid("event", sent)]).toEqual([
          isReadable(sent),
          isReadable(sent),
        ]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("version 1 for ever", () => {
  // events as they were once written: lines are added, never changed
  const lines = readFileSync(new URL("events-v1.jsonl", import.meta.url), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => ({ line, written: JSON.parse(line) as { type: string } }));

  test("has events of each type", () => {
    expect([...new Set(lines.map(({ written }) => written.type))]).toEqual(types);
  });

  test.each(lines)("is read and valid: $written.type", ({ line, written }) => {
    expect({ schemaVersion: 1, ...parseEventText(line) }).toEqual(written);
    expect([isValid(written.type, written), isValid("event", written)]).toEqual([true, true]);
  });
});
