import { categoryOf, isEventType } from "../../events/index.ts";
import { anyEventJsonSchema, eventJsonSchema } from "../../schemas/index.ts";
import { renderSchema } from "../event-schema-files.ts";
import { parseFlags } from "../parse-flags.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

const HELP = `Usage: rlm-obs events schema [type]

Prints the JSON Schema (draft 2020-12) of one type of event; without a type, of any event. The same files are in the
package, as @rlm-toolkit/observability/schemas/events/v1/<type>.json and event.json.

Types:
${Object.keys(categoryOf)
  .map((type) => `  ${type}`)
  .join("\n")}
`;

/** `rlm-obs events schema`. */
export async function schemaCommand(
  args: readonly string[],
  { stdout }: Terminal,
): Promise<number> {
  const { values, positionals } = parseFlags({
    args: [...args],
    options: { help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  if (values.help) {
    stdout.write(HELP);
    return 0;
  }
  const [type, ...more] = positionals;
  if (more.length > 0) throw new UsageError("one type at a time, or none for all");
  if (type !== undefined && !isEventType(type)) throw new UsageError(`unknown type '${type}'`);
  stdout.write(renderSchema(type === undefined ? anyEventJsonSchema() : eventJsonSchema(type)));
  return 0;
}
