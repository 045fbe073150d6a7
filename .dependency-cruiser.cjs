/**
 * The ring table of docs/architecture.md as rules: a module imports from lower rings only, type imports included.
 * Tests are exempt. A folder that is not in the table fails the check, so that nobody adds one unplaced.
 */
const ring0 = [
  "semconv",
  "events",
  "errors",
  "diagnostics",
  "timing",
  "taps",
  "async-scope",
  "retention",
  "threads",
  "process-lock",
  "folders",
];
const ring1 = ["config", "pricing", "redaction", "wire", "bus", "schemas", "replay"];
const ring2 = ["calls", "sinks"];
const generators = ["dashboards", "rules"];
const doors = ["http", "cli", "testing"];

/** What each folder may import beside itself. */
const allowed = {
  ...each(ring0, []),
  ...each(ring1, ring0),
  ...each(ring2, [...ring0, ...ring1]),
  ...each(generators, ["semconv"]),
  clients: [...ring0, ...ring1, ...ring2],
  activities: [...ring0, ...ring1, ...ring2],
  recorder: [...ring0, ...ring1, ...ring2],
  runtime: [...ring0, ...ring1, ...ring2, ...generators, "clients", "activities", "recorder"],
};

const TEST = "[.]test[.]ts$";

function each(folders, targets) {
  return Object.fromEntries(folders.map((folder) => [folder, targets]));
}

function ringRule([folder, targets]) {
  const reachable = [folder, ...targets].join("|");
  return {
    name: `ring-${folder}`,
    comment: `src/${folder} may import ${targets.map((target) => `src/${target}`).join(", ") || "nothing of src"}.`,
    severity: "error",
    from: { path: `^src/${folder}/`, pathNot: TEST },
    to: { path: "^src/", pathNot: `^src/(${reachable})/` },
  };
}

module.exports = {
  forbidden: [
    ...Object.entries(allowed).map(ringRule),
    {
      name: "sinks-apart",
      comment: "A sink doesn't know the other sinks.",
      severity: "error",
      from: { path: "^src/sinks/([^/]+)/", pathNot: TEST },
      to: { path: "^src/sinks/", pathNot: "^src/sinks/$1/" },
    },
    {
      name: "placed-in-a-ring",
      comment:
        "Every folder of src has a place in the ring table; files beside the folders are doors.",
      severity: "error",
      from: {
        path: "^src/",
        pathNot: `^src/(${[...Object.keys(allowed), ...doors].join("|")})/|^src/[^/]+$`,
      },
      to: {},
    },
    {
      name: "dashboards-only-grafana",
      comment:
        "The Grafana SDK is a development tool: only the generator imports it, never what runs in an app.",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/dashboards/|${TEST}` },
      to: { path: "@grafana/grafana-foundation-sdk" },
    },
    {
      name: "zod-only-in-schemas",
      comment: "What reads options and wire formats does without: loading zod takes 20 ms.",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/(schemas|http)/|${TEST}` },
      to: { path: "node_modules/zod/" },
    },
    {
      name: "schemas-are-loaded-later",
      comment:
        "zod must not be on the way of a start: import('../schemas/index.ts') in a loadLater().",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/(schemas|cli|http/rest)/|${TEST}` },
      to: { path: "^src/schemas/", dynamic: false, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "rest-is-loaded-later",
      comment:
        "A scrape must not load the REST API: src/http/rest/create-rest-later.ts is its door.",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/http/rest/(?!create-rest-later)|${TEST}` },
      to: {
        path: "^src/http/rest/(?!create-rest-later)",
        dynamic: false,
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-tests-in-the-product",
      severity: "error",
      from: { path: "^src/", pathNot: TEST },
      to: { path: `${TEST}|^test/` },
    },
    {
      name: "no-development-packages",
      comment: "What ships imports only what is installed with it.",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/dashboards/|${TEST}` },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm-peer", "type-only"] },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|temp|coverage)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
      extensions: [".ts", ".js", ".cjs", ".mjs", ".json", ".d.ts"],
    },
  },
};
