import { categoryOf, type EventType } from "./event.ts";
import { envelopeDocs, eventDocs } from "./event-docs.ts";
import type { FieldDoc } from "./field-docs.ts";

const INTRODUCTION = `<!-- Generated from src/events/event-docs.ts by \`npm run generate\`. Do not edit. -->

# Events

\`obs.subscribe(handler, { types })\` calls \`handler\` for each event, synchronously. The object is shared by all
subscribers: read it, don't change it. What a handler throws is counted and reported, and reaches nobody else.
No event contains prompt or answer text.
`;

/** Renders `docs/events.md` from the event table. */
export function renderEventsDoc(): string {
  const types = Object.keys(categoryOf) as EventType[];
  const envelope = `\n## Every event\n\n${renderFields({ ...envelopeDocs, data: DATA })}`;
  return INTRODUCTION + envelope + types.map(renderType).join("");
}

const DATA: FieldDoc = { type: "object", doc: "The fields of the type, below." };

function renderType(type: EventType): string {
  const { published, data } = eventDocs[type];
  return `\n## ${type}\n\nCategory \`${categoryOf[type]}\`. Published ${published}\n\n${renderFields(data)}`;
}

function renderFields(fields: Readonly<Record<string, FieldDoc>>): string {
  const rows = Object.entries(fields).map(
    ([name, { type, doc, optional }]) =>
      `| \`${name}\`${optional ? "?" : ""} | ${type} | ${doc} |\n`,
  );
  return `| field | type | meaning |\n|---|---|---|\n${rows.join("")}`;
}
