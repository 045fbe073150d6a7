// The gate, `npm run check`: every step, one line each; the output of a step is shown when it failed.
// `-- --without <step>` leaves one out, where it is run by other means.
import { spawn } from "node:child_process";
import { delimiter, resolve } from "node:path";
import { parseArgs } from "node:util";
import { steps } from "./check-steps.js";

const env = {
  ...process.env,
  PATH: [resolve("node_modules/.bin"), process.env.PATH].join(delimiter),
  NO_COLOR: "1",
};
delete env.FORCE_COLOR;

/** @returns {Promise<{ ok: boolean, output: string }>} */
function run([command = "", ...parameters]) {
  return new Promise((settle) => {
    const child = spawn(command, parameters, { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = `$ ${[command, ...parameters].join(" ")}\n`;
    const append = (chunk) => (output += chunk);
    child.stdout.setEncoding("utf8").on("data", append);
    child.stderr.setEncoding("utf8").on("data", append);
    child.on("error", (error) => settle({ ok: false, output: `${output}${error.message}\n` }));
    child.on("close", (code) => settle({ ok: code === 0, output }));
  });
}

async function runStep({ commands }) {
  for (const command of commands) {
    const { ok, output } = await run(command);
    if (!ok) return output;
  }
  return undefined;
}

const { without = [] } = parseArgs({
  options: { without: { type: "string", multiple: true } },
}).values;
const unknown = without.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `no such step: ${unknown.join(", ")}; steps: ${steps.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}

const failed = [];
for (const step of steps.filter(({ name }) => !without.includes(name))) {
  if (failed.includes(step.needs)) {
    console.log(`- ${step.name.padEnd(12)} not run: ${step.needs} failed`);
    continue;
  }
  const started = performance.now();
  const failure = await runStep(step);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1).padStart(6);
  console.log(`${failure === undefined ? "✓" : "✗"} ${step.name.padEnd(12)} ${seconds} s`);
  if (failure === undefined) continue;
  failed.push(step.name);
  console.log(failure);
}

if (failed.length > 0) {
  console.error(`check failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
