import { variableName } from "./option-definition.ts";
import { optionRows } from "./option-table.ts";

/** Renders the environment part of `--help`: each variable with what it does and its default, as plain text. */
export function renderOptionsHelp(): string {
  const rows = optionRows.filter(([, { environment }]) => environment.length > 0);
  const lines = rows.flatMap(([, { environment, doc, default: value, unit }]) => [
    `  ${environment.map(variableName).join(", ")}`,
    `      ${doc.replaceAll("`", "")}${renderDefault(value, unit)}`,
  ]);
  return `Environment variables:\n${lines.join("\n")}\n`;
}

function renderDefault(value: unknown, unit: string | undefined): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return ` [${text}${unit ? ` ${unit}` : ""}]`;
}
