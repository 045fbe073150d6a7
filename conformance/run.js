#!/usr/bin/env node
// The proof that an observed application behaves as an unobserved one, and that each call is accounted once.
//
//   npm run conformance -- --help
import { readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { secondCopy, scratchFolder } from "./parent/install.js";
import { cellsOf, nameOf } from "./parent/matrix.js";
import { help, parseOptions } from "./parent/options.js";
import { judge } from "./parent/judge.js";
import { runChild } from "./parent/run-cell.js";
import { selfTest } from "./parent/self-test.js";
import { subjects } from "./parent/subjects.js";
import * as table from "./parent/table.js";
import { allScenarios } from "./scenarios/index.js";

const options = parseOptions(process.argv.slice(2));
if (options.problem !== undefined) {
  console.error(options.problem);
  process.exitCode = 2;
} else if (options.help) console.log(help);
else process.exitCode = await main();

async function main() {
  if (options.merge.length > 0) return report(readMarks(options.merge));
  const folder = await scratchFolder();
  try {
    return await runIn(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runIn(folder) {
  const copy = await secondCopy(folder);
  const only = chosenScenarios();

  async function runCell(cell, { broken, only: ids = only } = {}) {
    const how = { folder, only: ids, secondCopy: copy };
    const bare = await runChild(cell, { ...how, mode: "bare" });
    const observed = await runChild(cell, { ...how, mode: cell.mode, broken });
    return { cell, verdicts: judge(cell, bare, observed) };
  }

  if (options.selfTest) return (await selfTest(plainCell, runCell)) ? 0 : 1;
  const cells = cellsOf(options);
  if (cells.length === 0) throw new Error("no application fits these options; see --help");
  const startedMs = Date.now();
  const results = await inParallel(cells, options.jobs, async (cell) => {
    const result = await runCell(cell);
    const marks = table.marksOf(result);
    const misses = marks.filter(({ state }) => state === "miss").length;
    if (options.json) for (const mark of marks) console.log(JSON.stringify(mark));
    console.error(
      `${nameOf(cell)} ${cell.subject.id}: ${misses === 0 ? "right" : `${misses} missed`}`,
    );
    return marks;
  });
  return report(results.flat(), Date.now() - startedMs);
}

/** Ids that are, or begin with, what was asked for; all when nothing was. */
function chosenScenarios() {
  if (options.scenario.length === 0) return undefined;
  const ids = allScenarios()
    .map(({ id }) => id)
    .filter((id) =>
      options.scenario.some((wanted) => id === wanted || id.startsWith(`${wanted}-`)),
    );
  if (ids.length === 0) throw new Error(`no scenario ${options.scenario.join(", ")}`);
  return [...new Set(ids)];
}

function plainCell(id) {
  const subject = subjects.find((each) => each.id === id);
  return { node: "current", module: "esm", mode: "observe", otel: "own", subject };
}

function report(marks, tookMs) {
  const titles = new Map(allScenarios().map(({ id, title }) => [id, title]));
  const parts = [
    table.aligned(table.scenarioTable(marks, titles)),
    table.aligned(table.wayTable(marks)),
    table.skipLines(marks).join("\n"),
    table.missLines(marks).join("\n"),
    `${table.summary(marks)}${tookMs === undefined ? "" : ` (${Math.round(tookMs / 1000)} s)`}`,
  ];
  const text = parts.filter((part) => part !== "").join("\n\n");
  if (!options.json) console.log(text);
  if (options.write !== undefined) writeTables(options.write, text);
  return marks.some(({ state }) => state === "miss") ? 1 : 0;
}

/** The marks that earlier runs wrote with `--json`; of what is in several files the last one's. */
function readMarks(files) {
  return table.latest(
    files.map((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
    ),
  );
}

async function inParallel(items, jobs, work) {
  const results = [];
  let next = 0;
  async function worker() {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  }
  await Promise.all(Array.from({ length: jobs }, worker));
  return results;
}

/** Between two markers. */
function writeTables(file, text) {
  const block = `<!-- begin: tables -->\n\n\`\`\`text\n${text}\n\`\`\`\n\n<!-- end: tables -->`;
  const page = readFileSync(file, "utf8");
  writeFileSync(
    file,
    page.replace(/<!-- begin: tables -->[^]*<!-- end: tables -->/, () => block),
  );
}
