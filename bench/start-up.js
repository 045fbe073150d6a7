// What observing adds to the start of a process, beside the bare client and a version written by hand.
//
//   npm run bench:start-up
//   npm run bench:start-up -- --rounds 30
//
// Each figure is the median over fresh processes, taken in turn, of the difference to the bare client of the same turn.
// "in all" is up to a moment after one call: what is loaded later shows there.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cases } from "./start-up-cases.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PROCESS_LIMIT_MS = 30_000;

const COLUMNS = [
  { key: "readyMs", title: "ready, ms", digits: 0 },
  { key: "readyCpuMs", title: "CPU until then, ms", digits: 0 },
  { key: "doneCpuMs", title: "CPU in all, ms", digits: 0 },
  { key: "rssMb", title: "resident, MB", digits: 1 },
];

/** For each case the medians of what it adds to the bare client, whose own figures come first. */
async function measure(rounds) {
  const turns = [];
  // one turn more than is counted: it fills the caches of the disk
  for (let turn = -1; turn < rounds; turn += 1) {
    const results = [];
    for (const { preload, source } of cases) results.push(await run(source, preload));
    if (turn >= 0) turns.push(results);
  }
  return cases.map(({ name }, index) => {
    const added = (key) =>
      median(turns.map((turn) => turn[index][key] - (index === 0 ? 0 : turn[0][key])));
    return { name, ...Object.fromEntries(COLUMNS.map(({ key }) => [key, added(key)])) };
  });
}

function print(figures) {
  console.log("start of a process: the bare client, and what is added to it\n");
  console.log(`${"case".padEnd(36)}${COLUMNS.map(({ title }) => `   ${title}`).join("")}`);
  for (const { name, ...values } of figures) {
    const columns = COLUMNS.map(
      ({ key, title, digits }) => `   ${values[key].toFixed(digits).padStart(title.length)}`,
    );
    console.log(`${name.padEnd(36)}${columns.join("")}`);
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs `source` in a process of its own, which prints its figures as its last line. */
function run(source, preload) {
  const imports = preload === undefined ? [] : ["--import", preload];
  const child = spawn(
    process.execPath,
    ["--expose-gc", ...imports, "--input-type=module", "--eval", source],
    {
      cwd: HERE,
      stdio: ["ignore", "pipe", "inherit"],
      env: environment(),
      timeout: PROCESS_LIMIT_MS,
    },
  );
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(output.trim().split("\n").at(-1)));
      else reject(new Error(`a process of the benchmark ended with ${code}`));
    });
  });
}

/** The defaults of the package, but for the port: another process may have it. */
function environment() {
  const configured = /^(RLM|OTEL|LANGFUSE)_|^NODE_(OPTIONS|COMPILE_CACHE|V8_COVERAGE)/;
  const inherited = Object.entries(process.env).filter(([name]) => !configured.test(name));
  return {
    ...Object.fromEntries(inherited),
    OTEL_EXPORTER_PROMETHEUS_PORT: "0",
    RLM_LOG: "stdout",
  };
}

const { values: flags } = parseArgs({ options: { rounds: { type: "string", default: "15" } } });
print(await measure(Number(flags.rounds)));
