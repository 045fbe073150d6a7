// A scrape of many series: ours, and the same series held by prom-client alone.
//
//   npm run bench:scrape
//   npm run bench:scrape -- --series 20000 --rounds 100
//
// Each in a process of its own. A stall is the longest time in which the event loop did nothing else.
import { fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";

const { values: flags } = parseArgs({
  options: {
    series: { type: "string", default: "10000" },
    rounds: { type: "string", default: "50" },
  },
});

async function measure(name, page) {
  const worker = fork(new URL("scrape-worker.js", import.meta.url), {
    execArgv: ["--expose-gc"],
  });
  const [wanted, rounds] = [Number(flags.series), Number(flags.rounds)];
  worker.send({ name, wanted, rounds, page });
  const [figures] = await once(worker, "message");
  worker.kill();
  return figures;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const cell = (value, digits = 1) => value.toFixed(digits).padStart(12);

console.log(`one scrape, in ms; median of ${flags.rounds}\n`);
console.log(`${"".padEnd(14)}      series        time       stall  worst stall`);
let page;
for (const name of ["ours", "prom-client"]) {
  const figures = await measure(name, page);
  const { times, stalls, series } = figures;
  page ??= figures.page;
  const columns = [cell(series, 0), cell(median(times)), cell(median(stalls))];
  console.log(`${name.padEnd(14)}${columns.join("")}${cell(Math.max(...stalls))}`);
}
