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

const NODES = ["20", "22", "24", "26"];

/** What each Node.js version runs in the full matrix. @type {readonly Omit<Variant, "node">[]} */
const ways = [
  { module: "esm", mode: "observe", otel: "own" },
  { module: "cjs", mode: "observe", otel: "own" },
  { module: "bundle", mode: "observe", otel: "own" },
  { module: "esm", mode: "observe", otel: "app-2" },
  { module: "esm", mode: "observe", otel: "app-3" },
  { module: "esm", mode: "observe", otel: "throwing" },
  { module: "esm", mode: "register", otel: "own" },
  { module: "cjs", mode: "register", otel: "own" },
  { module: "bundle", mode: "register", otel: "own" },
];

/** Without downloads: the installed SDKs on the Node.js that runs this. @type {readonly Omit<Variant, "node">[]} */
const quickWays = [
  { module: "esm", mode: "observe", otel: "own" },
  { module: "cjs", mode: "observe", otel: "own" },
  { module: "esm", mode: "observe", otel: "app-2" },
  { module: "esm", mode: "observe", otel: "throwing" },
  { module: "esm", mode: "register", otel: "own" },
];

/** The cells that `options` ask for. @returns {readonly Cell[]} */
export function cellsOf({ quick, sdk, node, module, mode, otel }) {
  const nodes = node.length > 0 ? node : quick ? ["current"] : NODES;
  const wanted = (quick ? quickWays : ways).filter(
    (way) => matches(module, way.module) && matches(mode, way.mode) && matches(otel, way.otel),
  );
  const chosen = subjects.filter(
    ({ id, install }) => matches(sdk, id) && (sdk.length > 0 || !quick || install === undefined),
  );
  return nodes.flatMap((version) =>
    wanted.flatMap((way) =>
      chosen
        .filter((subject) => runs(subject, way, version))
        .map((subject) => ({ node: version, ...way, subject })),
    ),
  );
}

/** OTel 3 needs Node.js 22. */
function runs(_subject, { otel }, node) {
  return otel !== "app-3" || major(node) >= 22;
}

function major(node) {
  return Number(node === "current" ? process.versions.node.split(".")[0] : node);
}

function matches(wanted, value) {
  return wanted.length === 0 || wanted.includes(value);
}

export const nameOf = ({ node, module, mode, otel }) =>
  `node ${node} ${module} ${mode} otel:${otel}`;
