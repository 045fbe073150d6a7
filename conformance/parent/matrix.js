import { subjects } from "./subjects.js";

/**
 * One way to run an application.
 *
 * @typedef {object} Variant
 * @property {string} node A major of Node.js, or `current`.
 * @property {"esm" | "cjs" | "bundle"} module
 * @property {"observe" | "register"} mode
 * @property {"own" | "app-2" | "app-3" | "throwing"} otel Whose tracer provider: ours, the application's of OTel 2 or 3, one that throws.
 */

/**
 * A variant with a subject: two processes, bare and observed.
 *
 * @typedef {Variant & { subject: import("./subjects.js").Subject }} Cell
 */

/** Every way, on the oldest Node.js that is supported. @type {readonly Omit<Variant, "node">[]} */
const allWays = [
  { module: "esm", mode: "observe", otel: "own" },
  { module: "cjs", mode: "observe", otel: "own" },
  { module: "bundle", mode: "observe", otel: "own" },
  { module: "esm", mode: "observe", otel: "app-2" },
  { module: "esm", mode: "observe", otel: "throwing" },
  { module: "esm", mode: "register", otel: "own" },
  { module: "cjs", mode: "register", otel: "own" },
  { module: "bundle", mode: "register", otel: "own" },
];

/** What Node.js itself has a hand in, on each newer one; OTel 3 needs Node.js 22. @type {readonly Omit<Variant, "node">[]} */
const newerWays = [
  { module: "esm", mode: "observe", otel: "own" },
  { module: "cjs", mode: "observe", otel: "own" },
  { module: "esm", mode: "observe", otel: "app-3" },
  { module: "esm", mode: "register", otel: "own" },
];

/** @type {Readonly<Record<string, readonly Omit<Variant, "node">[]>>} */
const full = { 20: allWays, 22: newerWays, 24: newerWays, 26: newerWays };

const EVERY = /./;
const ONE_OF_EACH = /^(openai-6|anthropic-1)$/;

/**
 * What CI runs, without downloads: the installed SDKs on the Node.js at hand, and one SDK of each make in the rarer ways.
 *
 * @type {readonly (Omit<Variant, "node"> & { with: RegExp })[]}
 */
const quickWays = [
  { module: "esm", mode: "observe", otel: "own", with: EVERY },
  { module: "esm", mode: "register", otel: "own", with: EVERY },
  { module: "cjs", mode: "observe", otel: "own", with: ONE_OF_EACH },
  { module: "esm", mode: "observe", otel: "app-2", with: ONE_OF_EACH },
  { module: "esm", mode: "observe", otel: "throwing", with: ONE_OF_EACH },
];

/** The cells that `options` ask for. @returns {readonly Cell[]} */
export function cellsOf(options) {
  const { quick, node, module, mode, otel } = options;
  const matrix = quick ? { current: quickWays } : full;
  const nodes = node.length > 0 ? node : Object.keys(matrix);
  const chosen = subjects.filter((subject) => isChosen(subject, options));
  return nodes.flatMap((version) =>
    (matrix[version] ?? allWays)
      .filter(
        (way) => matches(module, way.module) && matches(mode, way.mode) && matches(otel, way.otel),
      )
      .flatMap(({ with: fits = EVERY, ...way }) =>
        chosen
          .filter(({ id }) => options.sdk.length > 0 || fits.test(id))
          .map((subject) => ({ node: version, ...way, subject })),
      ),
  );
}

function isChosen({ id, install }, { quick, sdk }) {
  return sdk.length > 0 ? sdk.includes(id) : !quick || install === undefined;
}

function matches(wanted, value) {
  return wanted.length === 0 || wanted.includes(value);
}

/** How a variant is called. */
export const nameOf = ({ node, module, mode, otel }) =>
  `node ${node} ${module} ${mode} otel:${otel}`;
