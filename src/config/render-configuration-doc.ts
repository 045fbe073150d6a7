import { type OptionDefinition, variableName } from "./option-definition.ts";
import type { OptionPath } from "./option-path.ts";
import { optionRows } from "./option-table.ts";

const INTRODUCTION = `<!-- Generated from src/config/option-table.ts by \`npm run generate\`. Do not edit. -->

# Configuration

Every option can be set in code, \`createObservability({ server: { port: 9464 } })\`, or by an environment
variable. Code beats environment beats default. Where an option has several variables, the one named first wins.

- A bad value in code throws one \`CONFIGURATION_INVALID\` error that names every problem.
- A bad value in the environment gives one warning, and the default is taken; one that is about content or redaction
  switches content capture off.
- An empty variable counts as unset. Booleans are \`true\` or \`false\`.
- Values marked 🔒 are secrets: no message, log line or page shows them.
`;

const HEADER = "| option | environment | default | takes | meaning |\n|---|---|---|---|---|";

/** Renders `docs/configuration.md`: one table for each section of `ObservabilityOptions`. */
export function renderConfigurationDoc(): string {
  return INTRODUCTION + [...groupBySection()].map(renderSection).join("");
}

function groupBySection(): ReadonlyMap<string, string[]> {
  const sections = new Map<string, string[]>();
  for (const [path, definition] of optionRows) {
    const section = path.includes(".") ? path.slice(0, path.indexOf(".")) : "General";
    const rows = sections.get(section) ?? [];
    sections.set(section, [...rows, renderRow(path, definition)]);
  }
  return sections;
}

function renderSection([section, rows]: readonly [string, readonly string[]]): string {
  return `\n## ${section}\n\n${HEADER}\n${rows.join("\n")}\n`;
}

function renderRow(path: OptionPath, definition: OptionDefinition<unknown>): string {
  const cells = [
    `\`${path}\`${definition.secret ? " 🔒" : ""}`,
    definition.environment.map(renderVariable).join("<br>") || "in code only",
    renderDefault(definition),
    definition.type.expected,
    definition.doc,
  ];
  return `| ${cells.join(" | ")} |`;
}

function renderVariable(variable: OptionDefinition<unknown>["environment"][number]): string {
  const note = typeof variable === "string" ? "" : ` (${variable.note})`;
  return `\`${variableName(variable)}\`${note}`;
}

function renderDefault(definition: OptionDefinition<unknown>): string {
  if (definition.default === undefined) return "–";
  const unit = definition.unit ? ` ${definition.unit}` : "";
  const { default: value } = definition;
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\`${unit}`;
}
