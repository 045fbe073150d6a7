import { categoryOf, type EventType } from "./event.ts";
import { envelopeDocs, eventDocs } from "./event-docs.ts";
import type { FieldDoc } from "./field-docs.ts";
import { type EventObjects, objectDocs } from "./object-docs.ts";

const INTRODUCTION = `<!-- Generated from src/events/event-docs.ts by \`npm run generate\`. Do not edit. -->

# Events

\`obs.subscribe(handler, { types, categories })\` calls \`handler\` for each event: see the [event bus](event-bus.md). The
object is frozen and shared by all subscribers. No event contains prompt or answer text, unless
[content](content.md) is captured.

What the application says of its calls is bounded before it gets here: ids have 200 characters at the most, and one
that had to be changed ends in a hash of the whole; there are 64 tags and 64 keys of metadata of 200 characters, and
values of 1000; control characters become U+FFFD; what is no text, number or boolean is left out.

The same as JSON Schemas (draft 2020-12): \`schemas/events/v1/\` in the package, one file for each type and
\`event.json\` for all, or \`rlm-obs events schema [type]\`. What changes between versions is in
[decision 13](decisions/0013-events-have-a-version-outside-of-the-process.md).
`;

/** Renders `docs/events.md` from the event table. */
export function renderEventsDoc(): string {
  const types = Object.keys(categoryOf) as EventType[];
  const envelope = `\n## Every event\n\n${renderFields({ ...envelopeDocs, data: DATA })}`;
  const names = Object.keys(objectDocs) as (keyof EventObjects)[];
  const objects = `\n## Objects in events\n${names.map(renderObject).join("")}`;
  return INTRODUCTION + envelope + types.map(renderType).join("") + objects;
}

const DATA: FieldDoc = { type: "object", doc: "The fields of the type, below." };

function renderType(type: EventType): string {
  const { published, data } = eventDocs[type];
  return `\n## ${type}\n\nCategory \`${categoryOf[type]}\`. Published ${published}\n\n${renderFields(data)}`;
}

function renderObject(name: keyof EventObjects): string {
  const { doc, fields } = objectDocs[name];
  return `\n### ${name}\n\n${doc}\n\n${renderFields(fields)}`;
}

/** A type that is described on the page leads there. */
function renderFieldType(type: string): string {
  const name = type.replace("[]", "");
  return Object.hasOwn(objectDocs, name) ? `[${type}](#${name.toLowerCase()})` : type;
}

function renderFields(fields: Readonly<Record<string, FieldDoc>>): string {
  const rows = Object.entries(fields).map(
    ([name, { type, doc, optional }]) =>
      `| \`${name}\`${optional ? "?" : ""} | ${renderFieldType(type)} | ${doc} |\n`,
  );
  return `| field | type | meaning |\n|---|---|---|\n${rows.join("")}`;
}
