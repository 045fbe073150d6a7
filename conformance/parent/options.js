import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

export const help = `Runs applications twice, bare and observed, and compares all that they can see.

npm run conformance [-- options]

  --quick             what CI runs: no downloads, the installed SDKs on this Node.js, some two minutes
  --sdk <id>          openai-4.19, openai-4 … openai-7, anthropic-0.30, anthropic-1, ollama-0.5, ollama-0.6, fetch
  --node <major>      20, 22, 24, 26, or current
  --module <kind>     esm, cjs, bundle
  --mode <kind>       observe: obs.observe(client); register: node --import …/register
  --otel <kind>       own, app-2, app-3 (the application's OTel SDK), throwing (a tracer that fails)
  --scenario <id>     such as C19-break, or C19 for all that begin with it
  --self-test         with observers that are broken on purpose: each must be caught
  --jobs <n>          applications at a time; default two for each processor
  --write <file>      puts the tables between the markers in a Markdown file as well
  --json              one line of JSON for each mark, as they come, instead of tables
  --merge <file>      runs nothing: the tables of what earlier runs wrote with --json; of what is in several
                      files that of the last one
  --help              this

Each option can be given several times. The exit code is 0 when there is no miss but known ones.

T  the application sees the same: results, classes, errors and their moment, request bytes, unhandled rejections
O  the call is reported right: one start, one end, one span; outcome, usage, attempts; and nothing leaks
✓  right     ✗  a miss     k  a known miss (conformance/known-misses.js)     –  this SDK can't do it`;

const list = { type: "string", multiple: true, default: [] };

/** What was asked for; `problem` says what can't be. */
export function parseOptions(args) {
  try {
    return parse(args);
  } catch (error) {
    if (!error.code?.startsWith("ERR_PARSE_ARGS")) throw error;
    return { problem: `${error.message}\n\nnpm run conformance -- --help tells what there is.` };
  }
}

function parse(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      "self-test": { type: "boolean", default: false },
      sdk: list,
      node: list,
      module: list,
      mode: list,
      otel: list,
      scenario: list,
      broken: { type: "string" },
      jobs: { type: "string", default: String(availableParallelism() * 2) },
      merge: list,
      write: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return { ...values, jobs: Number(values.jobs), selfTest: values["self-test"] };
}
