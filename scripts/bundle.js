// The JavaScript that ships: a file for each way in and for each part that is loaded later, not one for each source
// file. Loading 200 small modules takes longer than all that this package does at its start (docs/decisions/0009).
import { rolldown } from "rolldown";

const bundle = await rolldown({
  input: {
    index: "src/index.ts",
    register: "src/register.ts",
    "testing/index": "src/testing/index.ts",
    "cli/main": "src/cli/main.ts",
  },
  // everything that is installed or built in
  external: /^[^./]/,
  platform: "node",
  transform: { target: "es2022" },
});
// no hashes: a build must not leave the chunks of the last one behind
await bundle.write({ dir: "dist", format: "esm", chunkFileNames: "chunks/[name].js" });
await bundle.close();
