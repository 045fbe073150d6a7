import { parseArgs } from "node:util";

export const help = `Runs applications twice, bare and observed, and compares all that they can see.

npm run conformance [-- options]

  --quick             no downloads: the installed SDKs on this Node.js, in the ways that CI runs
  --sdk <id>          openai-4.19, openai-4 … openai-7, anthropic-0.30, anthropic-1, ollama-0.5, ollama-0.6, fetch
  --node <major>      20, 22, 24, 26, or current
  --module <kind>     esm, cjs, bundle
  --mode <kind>       observe: obs.observe(client); register: node --import …/register
  --otel <kind>       own, app-2, app-3 (the application's OTel SDK), throwing (a tracer that fails)
  --scenario <id>     such as C19-break, or C19 for all that begin with it
  --self-test         with observers that are broken on purpose: each must be caught
  --jobs <n>          processes at a time; default 2
  --json              one line of JSON for each scenario of each cell, instead of tables
  --help              this

Each option can be given several times. The exit code is 0 when there is no miss but known ones.

T  the application sees the same: results, classes, errors and their moment, request bytes, unhandled rejections
O  the call is reported right: one start, one end, one span; outcome, usage, attempts; and nothing leaks
✓  right     ✗  a miss     k  a known miss (conformance/known-misses.js)     –  this SDK can't do it`;

const list = { type: "string", multiple: true, default: [] };

export function parseOptions(args) {
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
      jobs: { type: "string", default: "2" },
      json: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return { ...values, jobs: Number(values.jobs), selfTest: values["self-test"] };
}
