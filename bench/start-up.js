// What observing adds to the start of a process, beside the bare client and a version written by hand.
//
//   npm run build && node bench/start-up.js [processes of each case]
//
// Each figure is the median over fresh processes, taken in turn, of the difference to the bare client of the same turn.
// "all done" is CPU time up to the end of one call, a flush and a moment of rest: work that is put off shows there.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cases } from "./start-up-cases.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PROCESS_LIMIT_MS = 30_000;

/** Medians over the bare client: milliseconds until ready, CPU milliseconds and resident megabytes when all is done. */
export async function measureStartUp(processes = 15) {
  const figures = cases.map(({ name }) => ({ name, readyMs: [], cpuMs: [], rssMb: [] }));
  // one turn more than is counted: it fills the caches of the disk
  for (let turn = -1; turn < processes; turn += 1) {
    const results = [];
    for (const { preload, source } of cases) results.push(await run(source, preload));
    if (turn < 0) continue;
    for (const [index, result] of results.entries()) {
      for (const key of ["readyMs", "cpuMs", "rssMb"]) {
        figures[index][key].push(index === 0 ? result[key] : result[key] - results[0][key]);
      }
    }
  }
  return figures.map(({ name, readyMs, cpuMs, rssMb }) => ({
    name,
    readyMs: median(readyMs),
    cpuMs: median(cpuMs),
    rssMb: median(rssMb),
  }));
}

export function printStartUp(figures) {
  console.log("start of a process: the bare client, and what is added to it\n");
  console.log("case                                   ready, ms   all done, CPU ms   RSS, MB");
  for (const { name, readyMs, cpuMs, rssMb } of figures) {
    const columns = [readyMs.toFixed(0).padStart(9), cpuMs.toFixed(0).padStart(18)];
    console.log(`${name.padEnd(38)}${columns.join("")}${rssMb.toFixed(1).padStart(10)}`);
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  printStartUp(await measureStartUp(Number(process.argv[2] ?? 15)));
}
