import { describe, expect, it } from "vitest";
import { createEvent } from "./create-event.ts";
import { categoryOf } from "./event.ts";
import { eventDocs } from "./event-docs.ts";
import { renderEventsDoc } from "./render-events-doc.ts";

const page = renderEventsDoc();

function sectionOf(title: string): string {
  return page.split("\n## ").find((section) => section.startsWith(`${title}\n`)) ?? "";
}

describe("docs/events.md", () => {
  it("has one section for each event type, with its category", () => {
    const titles = [...page.matchAll(/^## (\w+_\w+)$/gm)].map(([, title]) => title);
    expect(titles).toEqual(Object.keys(categoryOf));
    for (const [type, category] of Object.entries(categoryOf)) {
      expect(sectionOf(type)).toContain(`Category \`${category}\`. Published `);
    }
  });

  it("has one well-formed row for each data field, optional ones marked", () => {
    for (const [type, { data }] of Object.entries(eventDocs)) {
      const rows = sectionOf(type).match(/^\| `.*$/gm) ?? [];
      expect(rows.map((row) => row.split(" | ")[0]?.slice(2))).toEqual(
        Object.entries(data).map(([name, { optional }]) => `\`${name}\`${optional ? "?" : ""}`),
      );
      for (const row of rows) expect(row.split("|"), row).toHaveLength(5);
    }
  });

  it("has the envelope of an event as it is made", () => {
    const links = {
      sessionId: "s",
      correlationId: "c",
      causationId: "e",
      traceId: "t",
      spanId: "p",
    };
    const event = createEvent("system_started", { version: "1.0.0" }, 0, links);
    const names = [...sectionOf("Every event").matchAll(/^\| `(\w+)`/gm)].map(
      ([, name = ""]) => name,
    );
    expect(names.toSorted()).toEqual(Object.keys(event).toSorted());
  });
});
