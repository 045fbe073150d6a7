import { knownMisses } from "../known-misses.js";
import { nameOf } from "./matrix.js";

/**
 * A scenario's two marks in one cell of the matrix.
 *
 * @typedef {object} Mark
 * @property {string} id
 * @property {import("./matrix.js").Cell} cell
 * @property {"T" | "O"} side
 * @property {"right" | "miss" | "known" | "skipped"} state
 * @property {string} [reason] Why it is skipped or known.
 * @property {readonly string[]} wrong
 */

/** @returns {readonly Mark[]} */
export function marksOf({ cell, verdicts }) {
  return verdicts.flatMap(({ id, skipped, T, O }) => {
    if (skipped !== undefined)
      return ["T", "O"].map((side) => ({
        id,
        cell,
        side,
        state: "skipped",
        reason: skipped,
        wrong: [],
      }));
    return [
      ["T", T],
      ["O", O],
    ].flatMap(([side, wrong]) => (wrong === undefined ? [] : [mark({ id, cell, side, wrong })]));
  });
}

function mark({ id, cell, side, wrong }) {
  const known = knownMisses.find(
    (miss) =>
      miss.scenario === id &&
      miss.side === side &&
      miss.subject.test(cell.subject.id) &&
      miss.way.test(nameOf(cell)),
  );
  const reason = known?.reason;
  if (wrong.length === 0)
    return {
      id,
      cell,
      side,
      state: known === undefined ? "right" : "miss",
      wrong: known === undefined ? [] : ["is right now: take it off the known misses"],
    };
  return { id, cell, side, state: known === undefined ? "miss" : "known", reason, wrong };
}

/** Marks of several runs as those of one: a scenario that an application ran again is told by its last run. */
export function latest(runs) {
  const byRun = new Map();
  for (const marks of runs) {
    const again = groupBy(marks, (each) => `${cellKey(each)} ${each.id}`);
    for (const [key, group] of again) byRun.set(key, group);
  }
  return [...byRun.values()].flat();
}

const cellKey = ({ cell }) => `${nameOf(cell)} ${cell.subject.id}`;

/** Scenarios down, subjects across: the worst of all ways to run them. */
export function scenarioTable(marks, titles) {
  const subjects = unique(marks.map(({ cell }) => cell.subject.id));
  const byKey = groupBy(marks, ({ id, cell, side }) => `${id} ${cell.subject.id} ${side}`);
  const rows = unique(marks.map(({ id }) => id)).map((id) => [
    id,
    ...subjects.map((subject) =>
      ["T", "O"].map((side) => symbol(byKey.get(`${id} ${subject} ${side}`))).join(""),
    ),
    titles.get(id) ?? "",
  ]);
  return [["scenario", ...subjects, ""], ...rows];
}

/** Ways to run down, subjects across: how many are right of those that could be. */
export function wayTable(marks) {
  const subjects = unique(marks.map(({ cell }) => cell.subject.id));
  const byKey = groupBy(marks, cellKey);
  const rows = unique(marks.map(({ cell }) => nameOf(cell))).map((way) => [
    way,
    ...subjects.map((subject) => score(byKey.get(`${way} ${subject}`))),
  ]);
  return [["T and O right, of all", ...subjects], ...rows];
}

function score(marks) {
  if (marks === undefined) return "";
  return ["T", "O"]
    .map((side) => {
      const tried = marks.filter((each) => each.side === side && each.state !== "skipped");
      return `${tried.filter(({ state }) => state === "right").length}/${tried.length}`;
    })
    .join(" ");
}

const SYMBOLS = { right: "✓", miss: "✗", known: "k", skipped: "–" };

function symbol(marks) {
  if (marks === undefined) return "·";
  return SYMBOLS[
    ["miss", "known", "right", "skipped"].find((state) =>
      marks.some((each) => each.state === state),
    ) ?? "skipped"
  ];
}

/** One line for all. */
export function summary(marks) {
  const count = (state) => marks.filter((each) => each.state === state).length;
  const cells = unique(marks.map(cellKey)).length;
  const tried = marks.length - count("skipped");
  return `${cells} applications, ${tried} checks: ${count("right")} right, ${count("miss")} missed, ${count("known")} known misses; ${count("skipped")} that an SDK or a way can't do`;
}

/** What is wrong, and where; the same difference in several cells is told once. */
export function missLines(marks) {
  const wrong = marks.filter(({ state }) => state === "miss" || state === "known");
  const alike = groupBy(wrong, ({ id, side, state, wrong: lines }) =>
    [id, side, state, ...lines].join("\n"),
  );
  return [...alike.values()].map((group) => {
    const [{ id, side, state, reason, wrong: lines }] = group;
    const where = unique(group.map(({ cell }) => `${cell.subject.id} (${nameOf(cell)})`));
    const known = state === "known" ? `known: ${reason}\n  ` : "";
    return `${SYMBOLS[state]} ${id} ${side}: ${where.slice(0, 4).join(", ")}${where.length > 4 ? ` and ${where.length - 4} more` : ""}\n  ${known}${lines.join("\n  ")}`;
  });
}

/** Why scenarios were left out, each reason once. */
export function skipLines(marks) {
  const skipped = marks.filter(({ state, side }) => state === "skipped" && side === "T");
  const byReason = groupBy(skipped, ({ id, reason }) => `${id}: ${reason}`);
  return [...byReason].map(
    ([reason, group]) =>
      `– ${reason} (${unique(group.map(({ cell }) => `${cell.subject.id}${cell.mode === "register" ? " registered" : ""}`)).join(", ")})`,
  );
}

/** Columns of equal width. */
export function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}

function unique(values) {
  return [...new Set(values)];
}
