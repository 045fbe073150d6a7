// The JavaScript that ships: a file for each way in, one for all that an application needs from its start, and one for
// each part that is loaded later, not one for each source file. Loading 200 small modules takes longer than all that this
// package does at its start (docs/decisions/0009).
import { rolldown } from "rolldown";
import { buildVersion } from "./build-version.js";

/** What each module imports statically. */
const imports = new Map();

/** What is loaded with a module. */
function loadedWith(path) {
  const reached = new Set();
  const open = [...imports.keys()].filter((id) => id.endsWith(path));
  for (const id of open) {
    if (reached.has(id)) continue;
    reached.add(id);
    open.push(...(imports.get(id) ?? []));
  }
  return reached;
}

/** All that an application loads at once, but what the command line needs before it knows the command. */
function startOfApplication() {
  const command = loadedWith("src/cli/main.ts");
  return new Set([...loadedWith("src/index.ts")].filter((id) => !command.has(id)));
}

/** One character past Latin-1, and the engine keeps the text of the whole file in two bytes for each character. */
function inAscii(code) {
  return code.replaceAll(
    /[^\0-\x7f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const common = {
  // everything that is installed or built in
  external: /^[^./]/,
  platform: "node",
  transform: { target: "es2022" },
  // what nobody imports is not there to begin with; and a call whose result is not used, such as a
  // `decodeURIComponent()` that throws, is more than it is taken for
  treeshake: false,
};
const written = {
  format: "esm",
  // the declarations have them; the engine keeps the text of a program in memory
  comments: { jsdoc: false },
  // neither is dead code looked for: see `treeshake`
  minify: false,
  // no hashes: a build must not leave the chunks of the last one behind
  chunkFileNames: "chunks/[name].js",
};
const ascii = { name: "ascii", renderChunk: inAscii };

const bundle = await rolldown({
  ...common,
  input: {
    index: "src/index.ts",
    register: "src/register.ts",
    "testing/index": "src/testing/index.ts",
    "cli/main": "src/cli/main.ts",
  },
  // asked for by the group below; the ways in export what they did
  preserveEntrySignatures: "allow-extension",
  plugins: [
    { name: "imports", moduleParsed: ({ id, importedIds }) => void imports.set(id, importedIds) },
    buildVersion,
    ascii,
  ],
});
let start;
await bundle.write({
  ...written,
  dir: "dist",
  codeSplitting: {
    // else each module that a part loaded later has in common with the start is a file of its own
    groups: [
      {
        name: "observability",
        test: (id) => (start ??= startOfApplication()).has(id),
      },
    ],
    includeDependenciesRecursively: false,
  },
});
await bundle.close();

// by itself: the thread is not to load what an application needs
const thread = await rolldown({
  ...common,
  input: { thread: "src/recorder/recording/thread.ts" },
  plugins: [ascii],
});
await thread.write({ ...written, dir: "dist/recorder" });
await thread.close();
