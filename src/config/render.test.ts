import { describe, expect, it } from "vitest";
import { variableName } from "./option-definition.ts";
import { optionRows } from "./option-table.ts";
import { renderConfigurationDoc } from "./render-configuration-doc.ts";
import { renderOptionsHelp } from "./render-options-help.ts";

describe("docs/configuration.md", () => {
  const rows = renderConfigurationDoc()
    .split("\n")
    .filter((line) => line.startsWith("| `"));

  it("has one well-formed row for each option", () => {
    expect(rows.map((row) => row.split("`")[1] ?? "").toSorted()).toEqual(
      optionRows.map(([path]) => path).toSorted(),
    );
    for (const row of rows) expect(row.split("|"), row).toHaveLength(7);
  });

  it("names every variable in the row of its option, with unit and default", () => {
    const row = (path: string) => rows.find((line) => line.startsWith(`| \`${path}\``));
    for (const [path, { environment }] of optionRows) {
      for (const name of environment.map(variableName)) expect(row(path)).toContain(`\`${name}\``);
    }
    expect(row("langfuse.timeoutMs")).toContain("`LANGFUSE_TIMEOUT` (in seconds) | `5000` ms |");
    expect(row("otlp.endpoint")).toContain("| – |");
    expect(row("webhook.url")).toContain("🔒");
  });
});

describe("--help", () => {
  it("names every variable and its default, without Markdown", () => {
    const help = renderOptionsHelp();
    for (const [, { environment }] of optionRows) {
      if (environment.length === 0) continue;
      expect(help).toContain(`\n  ${environment.map(variableName).join(", ")}\n`);
    }
    expect(help).toContain("0 takes any free port. [9464]\n");
    expect(help).not.toContain("`");
  });
});
